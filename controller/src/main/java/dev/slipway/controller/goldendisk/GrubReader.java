package dev.slipway.controller.goldendisk;

import dev.slipway.disk.PartitionTable;
import dev.slipway.linux.OperatorError;
import dev.slipway.tree.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads files of a disk image with GRUB's own file system drivers (grub-fstest), which is how a
 * firmware boot will read them: what it cannot read, or reads differently, does not boot.
 *
 * @param disk the disk image or disk
 * @param table the kind of its partition table
 */
record GrubReader(Path disk, PartitionTable.Kind table) {

  /**
   * The digest of a file as GRUB reads it; empty when GRUB finds no such file.
   *
   * @param partition the number in the partition table
   * @param path absolute on that partition
   * @throws OperatorError when grub-fstest is not installed
   */
  Optional<Digest> digest(int partition, String path) {
    // Only content counts: listing an unreadable directory succeeds with an empty line.
    ProcessBuilder builder =
        new ProcessBuilder(
                "grub-fstest",
                disk.toAbsolutePath().toString(),
                "cat",
                "(loop0," + table.token() + partition + ")" + path)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      try (InputStream content = process.getInputStream()) {
        Digest digest = Digest.of(content);
        return process.waitFor() == 0 ? Optional.of(digest) : Optional.empty();
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
