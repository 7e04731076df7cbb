package dev.slipway.disk;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** A file of zeros that stands for a disk. */
final class BareDisk {
  private BareDisk() {}

  /** The one of that directory, made anew. */
  static Path in(Path directory, long sectors) throws IOException {
    Path disk = directory.resolve("disk.img");
    try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.setLength(0);
      file.setLength(sectors * Partition.SECTOR);
    }
    return disk;
  }

  /** Turns one bit of the byte there over. */
  static void flip(Path disk, long at, int bit) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.seek(at);
      int value = file.read();
      file.seek(at);
      file.write(value ^ 1 << bit);
    }
  }
}
