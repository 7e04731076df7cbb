package dev.slipway.disk;

import dev.slipway.linux.OperatorError;
import java.nio.file.Path;
import java.util.List;

/**
 * Where a file of a FAT16 or FAT32 file system lies on its disk. Found without mounting: many hosts
 * have no vfat module at hand, and the boot environment must be overwritten exactly where it is.
 *
 * @param path the path that was asked for
 * @param size the file's size in bytes
 * @param ranges its bytes in order, joined where they touch; the last one is cut to the size
 */
public record FatFile(String path, long size, List<Range> ranges) {

  /** Bytes of the disk, counted from its start. */
  public record Range(long offset, long length) {}

  public FatFile {
    ranges = List.copyOf(ranges);
  }

  /**
   * Looks a file up.
   *
   * @param disk a disk, partition or image; opened for reading only
   * @param fileSystemOffset where the FAT file system starts on it, in bytes
   * @param path absolute, with {@code /}; each name in the form 8.3, compared without case
   * @throws OperatorError when it is not FAT, is damaged, or has no such file
   */
  public static FatFile find(Path disk, long fileSystemOffset, String path) {
    try (DiskFile file = DiskFile.openToRead(disk)) {
      return FatVolume.open(file, fileSystemOffset).find(path);
    }
  }

  /** The file's bytes. */
  public byte[] content(Path disk) {
    byte[] content = new byte[Math.toIntExact(size)];
    int at = 0;
    try (DiskFile file = DiskFile.openToRead(disk)) {
      for (Range range : ranges) {
        int length = Math.toIntExact(range.length());
        file.read(range.offset(), length).get(content, at, length);
        at += length;
      }
    }
    return content;
  }
}
