package dev.slipway.filesystem;

import dev.slipway.linux.InodeExtents;
import dev.slipway.linux.OperatorError;
import java.nio.file.Path;

/**
 * A file that GRUB loads from an XFS file system. GRUB's driver is not to be trusted with inodes
 * whose extents lie in a tree of their own: since GRUB 2.14, and in packages patched like it, a
 * directory of that kind may read as empty (grub-core/fs/xfs.c, "invalid number of XFS root keys").
 * Twelve extents fit into an inode that has attributes too; eight leave room for changes.
 *
 * @param root where the file system is mounted
 * @param path of the file in it, absolute; no part of it is a link
 */
public record XfsBootFile(Path root, String path) {
  private static final int MOST_EXTENTS = 8;

  /**
   * Checks the file and every directory on the way to it.
   *
   * @throws OperatorError when one lies in too many pieces
   */
  public void requireFewExtents() {
    for (int end = path.indexOf('/', 1); end > 0; end = path.indexOf('/', end + 1)) {
      require(
          path.substring(0, end),
          "A directory with that many entries does not belong there: take them out of the image");
    }
    require(
        path,
        "Long runs of zeros become holes, which cut a file into pieces: compress it in the image; or make"
            + " the slot larger, if it is nearly full");
  }

  private void require(String part, String remedy) {
    long count = InodeExtents.of(root.resolve(part.substring(1))).count();
    if (count > MOST_EXTENTS) {
      throw new OperatorError(
          "%s lies in %d pieces (extents) on xfs, and GRUB is sure to read only up to %d. %s, or take ext4 for the slot."
              .formatted(part, count, MOST_EXTENTS, remedy));
    }
  }
}
