package dev.slipway.controller.targetdisk;

import dev.slipway.disk.Partition;
import dev.slipway.disk.PartitionTable;
import dev.slipway.filesystem.Superblock;
import dev.slipway.linux.OperatorError;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is on a disk now, as far as its first bytes tell.
 *
 * @param table its partition table; empty when it has none that holds together
 * @param damage the sentence about a table that does not hold together
 * @param whole what the disk holds without a table, in words
 * @param partitions in the order of the table
 */
public record DiskContents(
    Optional<PartitionTable> table,
    Optional<String> damage,
    Optional<String> whole,
    List<Content> partitions) {

  /**
   * A partition and what it holds.
   *
   * @param what in words; empty when nothing known begins there
   */
  public record Content(Partition partition, Optional<String> what) {}

  public DiskContents {
    partitions = List.copyOf(partitions);
  }

  /**
   * Looks at a disk and changes nothing.
   *
   * @throws OperatorError when it cannot be read
   */
  public static DiskContents of(Path disk) {
    try {
      return look(disk);
    } catch (UncheckedIOException e) {
      throw new OperatorError(
          disk + " cannot be read (" + e.getCause().getMessage() + "); the disk may be failing.",
          e);
    }
  }

  private static DiskContents look(Path disk) {
    Optional<PartitionTable> table;
    try {
      table = PartitionTable.find(disk).map(PartitionTable.Reading::table);
    } catch (OperatorError damaged) {
      return withoutTable(disk, Optional.of(damaged.getMessage()));
    }
    return table
        .map(found -> with(disk, found))
        .orElseGet(() -> withoutTable(disk, Optional.empty()));
  }

  private static DiskContents with(Path disk, PartitionTable table) {
    return new DiskContents(
        Optional.of(table),
        Optional.empty(),
        Optional.empty(),
        table.partitions().stream()
            .map(partition -> new Content(partition, what(disk, partition.offset())))
            .toList());
  }

  private static DiskContents withoutTable(Path disk, Optional<String> damage) {
    return new DiskContents(Optional.empty(), damage, what(disk, 0), List.of());
  }

  private static Optional<String> what(Path disk, long offset) {
    return Superblock.read(disk, offset)
        .map(
            fileSystem ->
                fileSystem.kind().token()
                    + (fileSystem.label().isEmpty() ? "" : " \"" + printable(fileSystem) + "\""))
        .or(() -> Signature.at(disk, offset).map(Signature::meaning));
  }

  /** A label comes from whoever made the file system, and goes to a terminal. */
  private static String printable(Superblock fileSystem) {
    return fileSystem.label().replaceAll("[^ -~]", "?");
  }
}
