package dev.slipway.controller.osimage;

import java.util.List;

/** An image that was upgraded may have more than one kernel; one of them boots. */
final class SeveralKernels implements Check {
  private final KernelChoice choice;

  SeveralKernels(KernelChoice choice) {
    this.choice = choice;
  }

  @Override
  public String name() {
    return "several-kernels";
  }

  @Override
  public boolean isFor(InitrdSource initrd) {
    // The kernel that an image brings at its name need not be one of those installed.
    return initrd == InitrdSource.MAKE;
  }

  @Override
  public void apply(OsTree tree, ChangeLog changes) {
    List<String> versions =
        InstalledKernel.all(tree).stream().map(InstalledKernel::version).toList();
    if (versions.size() > 1) {
      InstalledKernel.find(tree, choice)
          .ifPresent(
              kernel ->
                  changes.noted(
                      "The image has the kernels "
                          + String.join(", ", versions)
                          + "; "
                          + (choice instanceof KernelChoice.Pinned
                              ? "the pinned one, "
                              : "the newest, ")
                          + kernel.version()
                          + ", is the one that boots. Removing the others makes the slot smaller."));
    }
  }
}
