package dev.slipway.controller.osimage;

import java.util.List;

/** An image that was upgraded may have more than one kernel; the newest complete one boots. */
final class SeveralKernels implements Check {
  @Override
  public String name() {
    return "several-kernels";
  }

  @Override
  public void apply(OsTree tree, ChangeLog changes) {
    List<String> versions =
        InstalledKernel.all(tree).stream().map(InstalledKernel::version).toList();
    if (versions.size() > 1) {
      changes.noted(
          "The image has the kernels "
              + String.join(", ", versions)
              + "; the newest, "
              + versions.get(versions.size() - 1)
              + ", is the one that boots. Removing the others makes the slot smaller.");
    }
  }
}
