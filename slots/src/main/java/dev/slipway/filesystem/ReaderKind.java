package dev.slipway.filesystem;

/** What reads a file system. */
public enum ReaderKind {
  /** Mounts it. A read-only mount replays the journal and so writes, too. */
  KERNEL,
  /** e2fsck or xfs_repair, of the system that checks it. */
  FSCK,
  /** Loads kernel and initrd from it. */
  GRUB
}
