package dev.slipway.controller.goldendisk;

import dev.slipway.disk.PartitionTable;
import dev.slipway.linux.OperatorError;
import dev.slipway.linux.Program;
import dev.slipway.tree.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads files of a disk image with GRUB's own file system drivers (grub-fstest), which is how a
 * firmware boot will read them: what it cannot read, or reads differently, does not boot.
 *
 * @param disk the disk image or disk
 * @param table the kind of its partition table
 */
record GrubReader(Path disk, PartitionTable.Kind table) {
  /** What reads with them. */
  static final Program PROGRAM = new Program("grub-fstest", "grub-common");

  private static final int MOST_TEXT = 64 * 1024;

  /**
   * The digest of a file as GRUB reads it; empty when GRUB finds no such file.
   *
   * @param partition the number in the partition table
   * @param path absolute on that partition
   * @throws OperatorError when grub-fstest is not installed
   */
  Optional<Digest> digest(int partition, String path) {
    return read(partition, path, Digest::of);
  }

  /**
   * The text of a small file as GRUB reads it; empty when GRUB finds no such file.
   *
   * @param partition the number in the partition table
   * @param path absolute on that partition; links are followed
   * @throws OperatorError when grub-fstest is not installed
   */
  Optional<String> text(int partition, String path) {
    return read(partition, path, GrubReader::beginning);
  }

  /** Of a file of any size, the rest is read and dropped. */
  private static String beginning(InputStream content) {
    try {
      String text = new String(content.readNBytes(MOST_TEXT), StandardCharsets.UTF_8);
      content.transferTo(OutputStream.nullOutputStream());
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private <T> Optional<T> read(int partition, String path, Function<InputStream, T> reading) {
    // Only content counts: listing an unreadable directory succeeds with an empty line.
    ProcessBuilder builder =
        new ProcessBuilder(
                PROGRAM.name(),
                disk.toAbsolutePath().toString(),
                "cat",
                "(loop0," + table.token() + partition + ")" + path)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      try (InputStream content = process.getInputStream()) {
        T read = reading.apply(content);
        return process.waitFor() == 0 ? Optional.of(read) : Optional.empty();
      } finally {
        process.destroy();
      }
    } catch (IOException e) {
      throw new OperatorError(
          "grub-fstest could not be run; is it installed? On Debian: apt-get install grub-common",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OperatorError("Reading " + path + " with GRUB's driver was cancelled.", e);
    }
  }
}
