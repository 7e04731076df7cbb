package dev.slipway.controller.osimage;

import dev.slipway.boot.KernelImage;
import dev.slipway.boot.SlotBootFiles;
import dev.slipway.linux.FileType;
import dev.slipway.linux.OperatorError;
import java.nio.file.Path;
import java.util.function.Predicate;

/** The kernel and initrd at the fixed names that GRUB and kexec load. */
final class BootFiles {
  private static final String DIRECTORY = "/boot/slipway";
  private final OsTree tree;

  BootFiles(OsTree tree) {
    this.tree = tree;
  }

  /**
   * Copies the kernel to its name. A copy, not a second name: what GRUB reads must lie in one
   * piece, and nothing that a package manager does later may change it.
   */
  void putKernel(InstalledKernel kernel, ChangeLog changes) {
    requireDirectories();
    tree.copy(kernel.image(), SlotBootFiles.KERNEL, 0644);
    changes.added(
        SlotBootFiles.KERNEL, "a copy of " + kernel.image() + ", which the boot loader starts");
  }

  /**
   * Refuses a tree in which something else, such as a link, is where their directories have to be.
   */
  void requireDirectories() {
    for (String directory : new String[] {"/boot", DIRECTORY}) {
      if (tree.type(directory).filter(type -> type != FileType.DIRECTORY).isPresent()) {
        throw new OperatorError(
            directory + " of the image is not a directory; the boot loader reads it as one.");
      }
    }
  }

  /**
   * The version that the kernel at its name says it has.
   *
   * @throws OperatorError when nothing that a boot loader starts is there
   */
  String kernelVersion() {
    refuseLinks(SlotBootFiles.KERNEL);
    byte[] content =
        tree.readBytes(SlotBootFiles.KERNEL)
            .orElseThrow(() -> new OperatorError("The image has no " + SlotBootFiles.KERNEL + "."));
    return KernelImage.of(content, SlotBootFiles.KERNEL + " of the image").version();
  }

  /** Whether a kernel is at its name. */
  boolean hasKernel() {
    return tree.type(SlotBootFiles.KERNEL).filter(FileType.REGULAR::equals).isPresent();
  }

  /** Refuses a tree that has not both files itself. */
  void requireBoth() {
    requireBoth(path -> tree.type(path).filter(FileType.REGULAR::equals).isPresent());
  }

  /** Refuses an image of which that is not true for both files. */
  static void requireBoth(Predicate<String> isThere) {
    for (String path : new String[] {SlotBootFiles.KERNEL, SlotBootFiles.INITRD}) {
      if (!isThere.test(path)) {
        throw new OperatorError(
            "The image has no regular file "
                + path
                + ". An image with 'initrd: keep' brings its kernel and initrd itself; without"
                + " them, leave 'initrd' out.");
      }
    }
  }

  /** Safe as a path of the machine only because no part of it is a link, which is checked. */
  Path onMachine(String path) {
    refuseLinks(path);
    return tree.location().resolve(path.substring(1));
  }

  private void refuseLinks(String path) {
    for (String part : new String[] {"/boot", DIRECTORY, path}) {
      if (tree.type(part).filter(FileType.SYMLINK::equals).isPresent()) {
        throw new OperatorError(
            part + " of the image is a link; the boot loader needs it to be none.");
      }
    }
  }
}
