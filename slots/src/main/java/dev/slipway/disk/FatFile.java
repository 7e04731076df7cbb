package dev.slipway.disk;

import java.nio.file.Path;
import java.util.List;

/**
 * Where a file of a FAT16 or FAT32 file system lies on its disk (Microsoft FAT specification,
 * 2000). Found without mounting: many hosts have no vfat module at hand, and the boot environment
 * must be overwritten exactly where it is.
 *
 * @param path the path that was asked for
 * @param size the file's size in bytes
 * @param ranges its bytes in order, joined where they touch; the last one is cut to the size
 */
@SuppressWarnings("DoNotCallSuggester")
public record FatFile(String path, long size, List<Range> ranges) {

  /** Bytes of the disk, counted from its start. */
  public record Range(long offset, long length) {}

  /**
   * Looks a file up.
   *
   * @param disk a disk, partition or image; opened for reading only
   * @param fileSystemOffset where the FAT file system starts on it, in bytes
   * @param path absolute, with {@code /}; letters are compared without case, as FAT does
   * @throws dev.slipway.linux.OperatorError when it is not FAT, is damaged, or has no such file
   */
  public static FatFile find(Path disk, long fileSystemOffset, String path) {
    throw new UnsupportedOperationException();
  }
}
