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

  /**
   * Says what is wrong with partitions that are ordered by number; empty when nothing is.
   *
   * @param firstLba the first sector that one may have
   * @param lastLba the last one
   */
  static Optional<String> defect(
      List<Partition> partitions, int highestNumber, long firstLba, long lastLba) {
    int number = 0;
    for (Partition partition : partitions) {
      if (partition.number <= number || partition.number > highestNumber) {
        return Optional.of("partition number " + partition.number + " is used twice or too high");
      }
      number = partition.number;
      if (partition.firstLba < firstLba
          || partition.firstLba > partition.lastLba
          || partition.lastLba > lastLba) {
        return Optional.of(
            "partition %d has sectors %d to %d, outside of %d to %d"
                .formatted(number, partition.firstLba, partition.lastLba, firstLba, lastLba));
      }
    }
    return overlap(partitions);
  }

  private static Optional<String> overlap(List<Partition> partitions) {
    List<Partition> byPlace =
        partitions.stream().sorted(Comparator.comparingLong(Partition::firstLba)).toList();
    for (int i = 1; i < byPlace.size(); i++) {
      Partition before = byPlace.get(i - 1);
      Partition here = byPlace.get(i);
      if (here.firstLba <= before.lastLba) {
        return Optional.of("partitions " + before.number + " and " + here.number + " overlap");
      }
    }
    return Optional.empty();
  }
}
