package dev.slipway.controller.osimage;

import java.util.List;

/**
 * Images for containers lack the programs that check and repair file systems. The slot boots
 * without them, and whoever has to repair its data partition misses them.
 */
final class FsckPresent implements Check {
  private static final List<String> PLACES = List.of("/sbin/", "/usr/sbin/", "/bin/", "/usr/bin/");

  @Override
  public String name() {
    return "fsck";
  }

  @Override
  public void apply(OsTree tree, ChangeLog changes) {
    noteMissing(tree, "fsck.ext4", "e2fsprogs", changes);
    noteMissing(tree, "xfs_repair", "xfsprogs", changes);
  }

  private static void noteMissing(
      OsTree tree, String program, String packageName, ChangeLog changes) {
    if (PLACES.stream().noneMatch(place -> tree.isFile(place + program))) {
      changes.noted(
          "The image has no "
              + program
              + "; install "
              + packageName
              + " in it if its own or the data partition may have to be repaired there.");
    }
  }
}
