package dev.slipway.controller.osimage;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * A warm switch out of a slot asks its kernel to load the next one by kexec_file_load(2), which
 * CONFIG_KEXEC_FILE gives (Linux arch/x86/Kconfig, now kernel/Kconfig.kexec).
 */
final class KexecPossible implements Check {
  private final KernelChoice choice;

  KexecPossible(KernelChoice choice) {
    this.choice = choice;
  }

  @Override
  public String name() {
    return "kexec";
  }

  @Override
  public boolean isAboutInstalledKernels() {
    return true;
  }

  @Override
  public void apply(OsTree tree, ChangeLog changes) {
    InstalledKernel.find(tree, choice)
        .ifPresent(
            kernel ->
                configuration(tree, kernel)
                    .filter(text -> text.lines().noneMatch("CONFIG_KEXEC_FILE=y"::equals))
                    .ifPresent(
                        text ->
                            changes.noted(
                                "The kernel "
                                    + kernel.version()
                                    + " is built without CONFIG_KEXEC_FILE, so every switch out of"
                                    + " this slot goes through the firmware.")));
  }

  private static Optional<String> configuration(OsTree tree, InstalledKernel kernel) {
    // Beside the kernel it is called as the kernel is, which in Alpine may be by the flavour alone.
    return Stream.of(
            "/boot/config-" + kernel.version(),
            kernel.image().replace("/vmlinuz", "/config"),
            kernel.modules() + "/config")
        .flatMap(path -> tree.read(path).stream())
        .findFirst();
  }
}
