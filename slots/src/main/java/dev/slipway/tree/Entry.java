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
    // MINORBITS of include/linux/kdev_t.h: 12 bits of major, 20 of minor.
    private static final int MOST_MAJOR = (1 << 12) - 1;
    private static final int MOST_MINOR = (1 << 20) - 1;

    /**
     * Checks its number.
     *
     * @throws TreeException for one that no device of Linux can have
     */
    public Device {
      if (major < 0 || major > MOST_MAJOR || minor < 0 || minor > MOST_MINOR) {
        throw new TreeException(
            "The device %s has the number %d:%d; Linux has no major above %d and no minor above %d."
                .formatted(path, major, minor, MOST_MAJOR, MOST_MINOR));
      }
    }

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
