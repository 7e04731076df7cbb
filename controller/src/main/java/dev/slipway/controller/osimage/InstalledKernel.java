package dev.slipway.controller.osimage;

import dev.slipway.boot.KernelImage;
import dev.slipway.linux.OperatorError;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A kernel in a tree that is complete: it has both its image and its modules.
 *
 * @param version as uname -r says it, also the name of its directory in /lib/modules
 * @param image path of the bzImage in the tree
 */
record InstalledKernel(String version, String image) {
  private static final String MODULES = "/lib/modules";

  /** Alpine's: a directory for each flavour, such as lts, with the version in a file. */
  private static final String FLAVOURS = "/usr/share/kernel";

  /**
   * The complete kernel that boots. Modules without a kernel are left over from a build tool, a
   * kernel without modules cannot find its disk.
   *
   * @throws OperatorError when there is none, with what to install, the pinned one is not there, or
   *     no boot loader starts it as the kernel of its modules
   */
  static InstalledKernel chosen(OsTree tree, KernelChoice choice) {
    List<String> versions = all(tree).stream().map(InstalledKernel::version).toList();
    if (versions.isEmpty()) {
      throw new OperatorError(whatIsMissing(tree));
    }
    InstalledKernel chosen =
        choice.among(versions).flatMap(version -> in(tree, version)).orElseThrow();
    chosen.requireItsImage(tree);
    return chosen;
  }

  private void requireItsImage(OsTree tree) {
    String says = says(tree);
    if (!says.equals(version)) {
      throw new OperatorError(
          image
              + " of the image says that it is the kernel "
              + says
              + "; its modules in "
              + modules()
              + " would not fit. Install the kernel's package in the image again.");
    }
  }

  private String says(OsTree tree) {
    try {
      byte[] content = tree.readBytes(image).orElseThrow();
      return KernelImage.of(content, image + " of the image").version();
    } catch (OperatorError e) {
      throw new OperatorError(
          e.getMessage() + " Install the kernel's package in the image again.", e);
    }
  }

  /** The complete kernel that boots, if it is there. */
  static Optional<InstalledKernel> find(OsTree tree, KernelChoice choice) {
    return all(tree).stream()
        .filter(kernel -> choice.allows(kernel.version()))
        .reduce((older, newer) -> newer);
  }

  /** Every complete kernel, the newest last. */
  static List<InstalledKernel> all(TreeView tree) {
    return tree.names(MODULES).stream()
        .flatMap(version -> in(tree, version).stream())
        .sorted(Comparator.comparing(kernel -> new KernelVersion(kernel.version())))
        .toList();
  }

  private static Optional<InstalledKernel> in(TreeView tree, String version) {
    if (!tree.isFile(MODULES + "/" + version + "/modules.dep")) {
      return Optional.empty();
    }
    // Debian puts it into /boot, Fedora, SUSE and Arch beside the modules, Alpine by its flavour.
    Stream<String> images =
        Stream.concat(
            Stream.of("/boot/vmlinuz-" + version, MODULES + "/" + version + "/vmlinuz"),
            tree.names(FLAVOURS).stream()
                .filter(flavour -> ofFlavour(tree, flavour).filter(version::equals).isPresent())
                .map(flavour -> "/boot/vmlinuz-" + flavour));
    return images
        .filter(tree::isFile)
        .findFirst()
        .map(image -> new InstalledKernel(version, image));
  }

  /** The version of the kernel that Alpine calls by this flavour, such as lts; empty elsewhere. */
  static Optional<String> ofFlavour(TreeView tree, String flavour) {
    return tree.read(FLAVOURS + "/" + flavour + "/kernel.release").map(String::strip);
  }

  /** A sentence about a tree without a complete kernel. */
  static String whatIsMissing(TreeView tree) {
    List<String> modules =
        tree.names(MODULES).stream()
            .filter(version -> tree.isFile(MODULES + "/" + version + "/modules.dep"))
            .toList();
    List<String> images =
        tree.names("/boot").stream().filter(name -> name.startsWith("vmlinuz-")).toList();
    String found;
    if (modules.isEmpty() && images.isEmpty()) {
      found = "The image has no kernel.";
    } else if (modules.isEmpty()) {
      found =
          "The image has a kernel (/boot/"
              + images.get(0)
              + ") but not its modules in /lib/modules.";
    } else {
      found =
          "The image has modules of the kernel "
              + String.join(", ", modules)
              + " but no vmlinuz of that version in /boot or beside them.";
    }
    return found + " " + Distribution.of(tree).toGetKernel();
  }

  /** Where its modules lie. */
  String modules() {
    return MODULES + "/" + version;
  }
}
