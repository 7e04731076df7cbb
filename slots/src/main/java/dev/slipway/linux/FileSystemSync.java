package dev.slipway.linux;

import java.nio.file.Path;

/** Getting what was written to the device. */
public final class FileSystemSync {
  // _IOWR('X', 119, int) and _IOWR('X', 120, int) of include/uapi/linux/fs.h.
  private static final long FIFREEZE = 0xC0045877L;
  private static final long FITHAW = 0xC0045878L;

  private FileSystemSync() {}

  /** Writes everything of the file system that holds this path to its device. */
  public static void syncfs(Path path) {
    try (OpenFile file = OpenFile.open(path, OpenFile.O_RDONLY)) {
      Kernel.call(SystemCall.SYNCFS, path.toString(), file.descriptor());
    }
  }

  /** Writes everything of all file systems to their devices. */
  public static void sync() {
    Kernel.call(SystemCall.SYNC, "all file systems");
  }

  /**
   * Freezes the file system mounted there: its journal is emptied into place, so that a reader
   * which replays no journal (GRUB) sees everything. Writers wait until {@link #thaw}; call that in
   * a finally.
   */
  public static void freeze(Path mountPoint) {
    try (OpenFile file = OpenFile.open(mountPoint, OpenFile.O_RDONLY)) {
      file.ioctl(FIFREEZE, 0);
    }
  }

  /** Ends {@link #freeze}. */
  public static void thaw(Path mountPoint) {
    try (OpenFile file = OpenFile.open(mountPoint, OpenFile.O_RDONLY)) {
      file.ioctl(FITHAW, 0);
    }
  }
}
