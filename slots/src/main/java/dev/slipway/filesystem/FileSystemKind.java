package dev.slipway.filesystem;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The file systems that slots can have. */
public enum FileSystemKind {
  /** mkfs.xfs makes none below 300 MB since 5.19; older ones are held to the same. */
  XFS(12, 300),
  EXT4(16, 16);

  private final int labelLength;
  private final long smallestMib;

  FileSystemKind(int labelLength, long smallestMib) {
    this.labelLength = labelLength;
    this.smallestMib = smallestMib;
  }

  /** The least size that one can be made in, in bytes. */
  public long smallest() {
    return smallestMib << 20;
  }

  /**
   * What {@link MakeFileSystem} makes takes at least so many bytes of its place for itself; it
   * takes somewhat more.
   *
   * @param size of the place, in bytes
   * @param mkfs the version of the program that makes it
   */
  public long leastOverhead(long size, Version mkfs) {
    return switch (this) {
      // The smallest log that mkfs.xfs makes since then; what it is before depends on more.
      case XFS -> mkfs.isAtLeast(new Version("5.19")) ? 64L << 20 : 0;
      // The smallest journal, and an inode of 256 bytes for every 16384 (Ext4Features).
      case EXT4 -> (4L << 20) + size / 64;
    };
  }

  /** Finds the kind by the name that mount(8) and disk.yml use. */
  public static Optional<FileSystemKind> of(String name) {
    return Arrays.stream(values()).filter(kind -> kind.token().equals(name)).findFirst();
  }

  /** What can be on or off in one; each stands after what it requires. */
  public List<Feature> features() {
    return switch (this) {
      case XFS -> XfsFeatures.ALL;
      case EXT4 -> Ext4Features.ALL;
    };
  }

  /** What the superblock of every one says that is made here. */
  Superblock.Features baseFeatures() {
    return switch (this) {
      case XFS -> XfsFeatures.BASE;
      case EXT4 -> Ext4Features.BASE;
    };
  }

  /** The program that checks it. */
  String fsck() {
    return switch (this) {
      case XFS -> "xfs_repair";
      case EXT4 -> "e2fsck";
    };
  }

  /** The package that has its mkfs and its fsck, by the name that all distributions give it. */
  public String tools() {
    return switch (this) {
      case XFS -> "xfsprogs";
      case EXT4 -> "e2fsprogs";
    };
  }

  /** As mount(8) names it. */
  public String token() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * A label from a slot's name, cut to what the kind can hold. Labels are for people to read:
   * nothing finds a file system by one.
   */
  public String labelFor(String name) {
    return name.substring(0, Math.min(name.length(), labelLength));
  }
}
