package dev.slipway.fuzz;

import dev.slipway.boot.EnvironmentCopy;
import dev.slipway.boot.KernelCommandLine;
import dev.slipway.boot.KernelImage;
import dev.slipway.disk.PartitionTable;
import dev.slipway.filesystem.Superblock;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;

/** Whatever lies on a disk, it is understood or refused with a sentence. */
public final class DiskFuzz {
  private static final int SECTOR = 512;
  private static final int SMALLEST_DISK = 128 * SECTOR;
  private static final Path FILE = file();

  private DiskFuzz() {}

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] data) throws IOException {
    if (EnvironmentCopy.of(data) instanceof EnvironmentCopy.Valid valid) {
      EnvironmentCopy again = EnvironmentCopy.of(valid.environment().block());
      if (!again.equals(valid)) {
        throw new AssertionError(valid + " is written as " + again);
      }
    }
    KernelCommandLine.parse(new String(data, StandardCharsets.ISO_8859_1));

    Files.write(FILE, disk(data));
    refusable(() -> Superblock.read(FILE, 0));
    refusable(() -> KernelImage.read(FILE));
    refusable(() -> PartitionTable.examine(FILE));
  }

  /** With right checksums of the partition table, or every other byte of it would be in vain. */
  private static byte[] disk(byte[] data) {
    byte[] disk = Arrays.copyOf(data, Math.max(data.length, SMALLEST_DISK));
    ByteBuffer header = ByteBuffer.wrap(disk).order(ByteOrder.LITTLE_ENDIAN);
    long array = header.getLong(SECTOR + 72) * SECTOR;
    long length = Integer.toUnsignedLong(header.getInt(SECTOR + 80)) * header.getInt(SECTOR + 84);
    if (array >= 0 && length >= 0 && array <= disk.length && length <= disk.length - array) {
      header.putInt(SECTOR + 88, crc(disk, (int) array, (int) length));
    }
    header.putInt(SECTOR + 16, 0);
    header.putInt(SECTOR + 16, crc(disk, SECTOR, 92));
    return disk;
  }

  private static int crc(byte[] bytes, int from, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }

  private static void refusable(Runnable reading) {
    try {
      reading.run();
    } catch (OperatorError refused) {
      // With a sentence.
    }
  }

  private static Path file() {
    try {
      Path file = Files.createTempFile("slipway-fuzz-", ".img");
      file.toFile().deleteOnExit();
      return file;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
