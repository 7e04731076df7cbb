package dev.slipway.tree;

/** One thing in a tree. */
public sealed interface Entry {
  /** Where it is. */
  TreePath path();

  /** Everything but another name for a file that the tree has already. */
  sealed interface WithMetadata extends Entry {
    /** Its owner, mode, time and xattrs. */
    Metadata metadata();
  }

  /** A directory; the root's path is {@link TreePath#ROOT}. */
  record Directory(TreePath path, Metadata metadata) implements WithMetadata {}

  /**
   * A file with content.
   *
   * @param size in bytes, holes included
   */
  record RegularFile(TreePath path, Metadata metadata, long size) implements WithMetadata {}

  /** A symbolic link; its target is any bytes. */
  record Symlink(TreePath path, Metadata metadata, ByteString target) implements WithMetadata {}

  /** Another name for the file at {@code target}; owner, mode and the rest are that file's. */
  record HardLink(TreePath path, TreePath target) implements Entry {}

  /** A character or block device. */
  record Device(TreePath path, Metadata metadata, Kind kind, int major, int minor)
      implements WithMetadata {
    /** Which of the two. */
    public enum Kind {
      CHARACTER,
      BLOCK
    }
  }

  /** A named pipe. */
  record Fifo(TreePath path, Metadata metadata) implements WithMetadata {}
}
