package dev.slipway.controller.goldendisk;

import dev.slipway.disk.Partition;
import dev.slipway.linux.Command;
import dev.slipway.linux.OperatorError;
import dev.slipway.release.SlotRecord;
import dev.slipway.release.SlotRecords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads records of slots from a disk's data partition with debugfs, which needs neither root nor a
 * mount.
 *
 * @param disk the disk's image
 * @param partition its data partition
 */
record DataPartitionReader(Path disk, Partition partition) {

  /** What is recorded of a slot; empty when there is no record, or it cannot be read. */
  Optional<SlotRecord> record(String slot) {
    try {
      Path copy = Files.createTempDirectory("slipway-records-");
      Path file = copy.resolve(slot + ".json");
      try {
        // debugfs ends with 0 also when it finds nothing: only the file tells.
        Command.of(
                "debugfs",
                "-R",
                "dump /slots/" + slot + ".json " + file,
                disk.toAbsolutePath() + "?offset=" + partition.offset())
            .runUnchecked();
        return Files.exists(file) && Files.size(file) > 0
            ? Optional.of(new SlotRecords(copy).read(slot))
            : Optional.empty();
      } finally {
        Files.deleteIfExists(file);
        Files.delete(copy);
      }
    } catch (OperatorError e) {
      // A damaged record is no reason not to say everything else.
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
