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
 * @param whole what the disk holds without a table, in words
 * @param partitions in the order of the table
 */
public record DiskContents(
    Optional<PartitionTable> table, Optional<String> whole, List<Content> partitions) {

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
      Optional<PartitionTable> table = table(disk);
      return new DiskContents(
          table,
          table.isPresent() ? Optional.empty() : what(disk, 0),
          table.map(PartitionTable::partitions).orElse(List.of()).stream()
              .map(partition -> new Content(partition, what(disk, partition.offset())))
              .toList());
    } catch (UncheckedIOException e) {
      throw new OperatorError(
          disk + " cannot be read (" + e.getCause().getMessage() + "); the disk may be failing.",
          e);
    }
  }

  private static Optional<PartitionTable> table(Path disk) {
    try {
      return Optional.of(PartitionTable.read(disk));
    } catch (OperatorError none) {
      return Optional.empty();
    }
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
