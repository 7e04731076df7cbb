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
   * A shorter directory lies in its inode, in no extent at all. For such a one XFS gives a
   * sixteenth of its length as the count (fs/xfs/libxfs/xfs_inode_fork.c, xfs_iext_count).
   */
  private static final int SMALLEST_BLOCK = 512;

  /**
   * Of a file or directory. A file must have been flushed: what is not allocated is not counted.
   */
  public static InodeExtents of(Path place) {
    try (OpenFile file = OpenFile.openToRead(place);
        Memory attributes = new Memory(FSXATTR_SIZE)) {
      attributes.clear();
      FileStatus status = file.status();
      if (status.type() == FileType.DIRECTORY && status.size() < SMALLEST_BLOCK) {
        return new InodeExtents(0);
      }
      file.ioctl(FS_IOC_FSGETXATTR, Kernel.address(attributes));
      return new InodeExtents(Integer.toUnsignedLong(attributes.getInt(FSX_NEXTENTS)));
    }
  }
}
