package dev.slipway.disk;

import dev.slipway.linux.OperatorError;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A GUID partition table (UEFI specification 5.3) for disks with sectors of 512 bytes.
 *
 * @param diskUuid the disk's identity
 * @param totalSectors sectors of the disk that the table was made for; its backup header stands in
 *     the last one. A disk that the image was copied to may be larger.
 * @param partitions ordered by number, not overlapping
 */
public record Gpt(UUID diskUuid, long totalSectors, List<Partition> partitions)
    implements PartitionTable {

  /** Sectors before the first one that a partition may have: MBR, header and 128 entries. */
  static final long FIRST_USABLE = 34;

  /** Sectors behind the last one that a partition may have: 128 entries and the header. */
  static final long RESERVED_AT_END = 33;

  static final int MAXIMUM_PARTITIONS = 128;

  /**
   * What was found on a disk.
   *
   * @param primaryWhole whether the copy at the start of the disk is valid
   * @param backupWhole whether the copy at the end is valid and says the same
   */
  public record Reading(Gpt table, boolean primaryWhole, boolean backupWhole)
      implements PartitionTable.Reading {
    @Override
    public boolean whole() {
      return primaryWhole && backupWhole;
    }
  }

  public Gpt {
    partitions = partitions.stream().sorted(Comparator.comparingInt(Partition::number)).toList();
    defect(totalSectors, partitions)
        .ifPresent(
            defect -> {
              throw new OperatorError("The partition table is not valid: " + defect + ".");
            });
  }

  /**
   * Writes both copies of the table and the protective MBR, whose boot code is kept.
   *
   * @throws OperatorError when the disk is smaller than the table says
   */
  @Override
  public void write(Path disk) {
    try (DiskFile file = DiskFile.openToWrite(disk)) {
      file.requireSize(totalSectors * Partition.SECTOR);
      GptFormat.write(this, file);
    }
  }

  @Override
  public Kind kind() {
    return Kind.GPT;
  }

  @Override
  public String diskId() {
    return diskUuid.toString();
  }

  @Override
  public Gpt onDiskOf(long sectors) {
    return new Gpt(diskUuid, sectors, partitions);
  }

  private static Optional<String> defect(long totalSectors, List<Partition> partitions) {
    // 2^40 sectors are 512 TiB; above, sums of sizes in bytes are no longer safe.
    if (totalSectors < FIRST_USABLE + RESERVED_AT_END || totalSectors > 1L << 40) {
      return Optional.of("a disk of " + totalSectors + " sectors cannot hold one");
    }
    for (Partition partition : partitions) {
      if (partition.name().length() > 36) {
        return Optional.of(
            "the name of partition " + partition.number() + " has more than 36 characters");
      }
    }
    return Partition.defect(
        partitions, MAXIMUM_PARTITIONS, FIRST_USABLE, totalSectors - RESERVED_AT_END - 1);
  }
}
