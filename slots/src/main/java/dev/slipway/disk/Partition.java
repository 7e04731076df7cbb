package dev.slipway.disk;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One entry of a partition table.
 *
 * @param number position in the table, from 1, as in {@code gpt2} and {@code sda2}
 * @param type what the partition is for, as the table writes it: a GUID in small letters, or two
 *     hexadecimal digits; {@link PartitionType} has those that Slipway writes
 * @param id the partition's own identity (PARTUUID)
 * @param firstLba first sector of 512 bytes
 * @param lastLba last sector, inclusive
 * @param name up to 36 UTF-16 code units; may be empty text
 * @param attributes the 64 attribute bits of a GPT; see {@link #NO_AUTO}
 */
public record Partition(
    int number,
    String type,
    PartitionId id,
    long firstLba,
    long lastLba,
    String name,
    long attributes) {

  /** Bytes in a sector. Disks with other logical sectors are refused where they are opened. */
  public static final int SECTOR = 512;

  /**
   * Bit 63: systemd's automatic mounting leaves the partition alone (Discoverable Partitions
   * Specification). Without it a slot that is not the running one may get mounted.
   */
  public static final long NO_AUTO = 1L << 63;

  /** Where the partition starts on its disk, in bytes. */
  public long offset() {
    return firstLba * SECTOR;
  }

  /** How long the partition is, in bytes. */
  public long size() {
    return (lastLba - firstLba + 1) * SECTOR;
  }

  public boolean is(PartitionType wanted) {
    return wanted.isWritten(type);
  }

  /** Says which two partitions overlap; empty when none do. */
  static Optional<String> overlap(List<Partition> partitions) {
    List<Partition> byPlace =
        partitions.stream().sorted(Comparator.comparingLong(Partition::firstLba)).toList();
    for (int i = 1; i < byPlace.size(); i++) {
      if (byPlace.get(i).firstLba() <= byPlace.get(i - 1).lastLba()) {
        return Optional.of(
            "partitions "
                + byPlace.get(i - 1).number()
                + " and "
                + byPlace.get(i).number()
                + " overlap");
      }
    }
    return Optional.empty();
  }
}
