package dev.slipway.linux;

import com.sun.jna.Memory;
import java.nio.file.Path;

/**
 * In how many pieces something lies on its file system, by the count that its inode keeps
 * (FS_IOC_FSGETXATTR, include/uapi/linux/fs.h, struct fsxattr). XFS keeps it for files and
 * directories; FIEMAP gives the same number, but for files only. Other file systems say 0.
 */
public record InodeExtents(long count) {
  private static final long FS_IOC_FSGETXATTR = 0x801c581fL;
  private static final int FSXATTR_SIZE = 28;
  private static final int FSX_NEXTENTS = 8;

  /**
   * Of a file or directory. A file must have been flushed: what is not allocated is not counted.
   */
  public static InodeExtents of(Path place) {
    try (OpenFile file = OpenFile.openToRead(place);
        Memory attributes = new Memory(FSXATTR_SIZE)) {
      attributes.clear();
      file.ioctl(FS_IOC_FSGETXATTR, Kernel.address(attributes));
      return new InodeExtents(Integer.toUnsignedLong(attributes.getInt(FSX_NEXTENTS)));
    }
  }
}
