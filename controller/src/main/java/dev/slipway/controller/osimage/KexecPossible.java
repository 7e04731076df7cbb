package dev.slipway.controller.osimage;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A warm switch out of a slot asks its kernel to load the next one by kexec_file_load(2), which
 * CONFIG_KEXEC_FILE gives. With CONFIG_KEXEC_SIG_FORCE it takes signed kernels only (Linux
 * arch/x86/Kconfig, now kernel/Kconfig.kexec).
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
  public boolean isFor(InitrdSource initrd) {
    // The kernel that an image brings at its name need not be one of those installed.
    return initrd == InitrdSource.MAKE;
  }

  @Override
  public void apply(OsTree tree, ChangeLog changes) {
    InstalledKernel.find(tree, choice)
        .ifPresent(
            kernel ->
                configuration(tree, kernel)
                    .flatMap(KexecPossible::obstacle)
                    .ifPresent(
                        obstacle ->
                            changes.noted("The kernel " + kernel.version() + " " + obstacle)));
  }

  private static Optional<String> obstacle(String configuration) {
    List<String> lines = configuration.lines().toList();
    if (!lines.contains("CONFIG_KEXEC_FILE=y")) {
      return Optional.of(
          "is built without CONFIG_KEXEC_FILE, so every switch out of this slot goes through the"
              + " firmware.");
    }
    if (lines.contains("CONFIG_KEXEC_SIG_FORCE=y")) {
      return Optional.of(
          "is built with CONFIG_KEXEC_SIG_FORCE, so a switch out of this slot to a kernel that is not"
              + " signed with a key it knows goes through the firmware.");
    }
    return Optional.empty();
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
