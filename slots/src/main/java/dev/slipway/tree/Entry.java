package dev.slipway.tree;

/** One thing in a tree. */
public sealed interface Entry {
  /** Where it is. */
  TreePath path();

  /** Everything but another name for a file that the tree has already. */
  sealed interface WithMetadata extends Entry {
    /** Its owner, mode, time and xattrs. */
    Metadata metadata();

    /** The same thing at another place, with other metadata. */
    WithMetadata at(TreePath place, Metadata changed);
  }

  /** A directory; the root's path is {@link TreePath#ROOT}. */
  record Directory(TreePath path, Metadata metadata) implements WithMetadata {
    @Override
    public Directory at(TreePath place, Metadata changed) {
      return new Directory(place, changed);
    }
  }

  /**
   * A file with content.
   *
   * @param size in bytes, holes included
   */
  record RegularFile(TreePath path, Metadata metadata, long size) implements WithMetadata {
    @Override
    public RegularFile at(TreePath place, Metadata changed) {
      return new RegularFile(place, changed, size);
    }
  }

  /**
   * A symbolic link; its target is any bytes. Linux gives every link the mode 0777, so that is what
   * it has here.
   */
  record Symlink(TreePath path, Metadata metadata, ByteString target) implements WithMetadata {
    private static final int MODE = 0777;

    /** Sets the mode that all links have. */
    public Symlink {
      metadata =
          new Metadata(
              MODE, metadata.uid(), metadata.gid(), metadata.modified(), metadata.xattrs());
    }

    @Override
    public Symlink at(TreePath place, Metadata changed) {
      return new Symlink(place, changed, target);
    }
  }

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

    @Override
    public Device at(TreePath place, Metadata changed) {
      return new Device(place, changed, kind, major, minor);
    }
  }

  /** A named pipe. */
  record Fifo(TreePath path, Metadata metadata) implements WithMetadata {
    @Override
    public Fifo at(TreePath place, Metadata changed) {
      return new Fifo(place, changed);
    }
  }
}
