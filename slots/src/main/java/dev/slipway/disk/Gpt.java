package dev.slipway.disk;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A GUID partition table (UEFI specification 5.3) for disks with sectors of 512 bytes.
 *
 * @param diskUuid the disk's identity
 * @param totalSectors sectors of the whole disk; the backup header stands in the last one
 * @param partitions ordered by number, not overlapping
 */
@SuppressWarnings("DoNotCallSuggester")
public record Gpt(UUID diskUuid, long totalSectors, List<Partition> partitions) {

  /**
   * Reads the table of a disk or disk image: the primary one, or the backup when the primary is
   * damaged.
   *
   * @throws dev.slipway.linux.OperatorError when neither holds together
   */
  public static Gpt read(Path disk) {
    return examine(disk).table();
  }

  /** Reads the table and says which of its two copies were whole. */
  public static Reading examine(Path disk) {
    throw new UnsupportedOperationException();
  }

  /**
   * What was found on a disk.
   *
   * @param primaryWhole whether the copy at the start of the disk is valid
   * @param backupWhole whether the copy at the end is valid and says the same
   */
  public record Reading(Gpt table, boolean primaryWhole, boolean backupWhole) {}

  /** Writes both copies of the table and the protective MBR, whose boot code is kept. */
  public void write(Path disk) {
    throw new UnsupportedOperationException();
  }

  public Optional<Partition> named(String name) {
    return partitions.stream().filter(partition -> partition.name().equals(name)).findFirst();
  }

  public Optional<Partition> withUuid(UUID uuid) {
    return partitions.stream().filter(partition -> partition.uuid().equals(uuid)).findFirst();
  }
}
