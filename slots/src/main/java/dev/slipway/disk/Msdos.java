package dev.slipway.disk;

import dev.slipway.linux.OperatorError;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An msdos partition table: four primary partitions in the master boot record and, beyond those,
 * logical ones within an extended partition, which is not listed here. The table itself knows no
 * names; Slipway keeps them beside it ({@link PartitionNames}).
 *
 * @param signature identifies the disk, and with a number each of its partitions
 * @param totalSectors sectors of the disk that the table was made for; of a disk that Slipway did
 *     not make, those that it has
 * @param partitions ordered by number, not overlapping; from 5 on they are logical
 */
public record Msdos(int signature, long totalSectors, List<Partition> partitions)
    implements PartitionTable {

  /** The most that the 32 bits of a table reach: 2 TiB. */
  public static final long LARGEST_SECTORS = 1L << 32;

  /**
   * The first sector of Slipway's first partition. Between it and the table lie GRUB's core image
   * and, at the end, the names.
   */
  static final long FIRST_USABLE = 2048;

  /** The extended partition's number: the last primary one. */
  static final int EXTENDED = 4;

  static final int HIGHEST_NUMBER = 63;

  /**
   * Sectors that a logical partition has in front of it for the sector that describes it, so that
   * both lie on whole MiB.
   */
  static final long LOGICAL_GAP = 2048;

  /**
   * What was found on a disk.
   *
   * @param named whether there are names beside the table, and they speak of this table
   */
  public record Reading(Msdos table, boolean named) implements PartitionTable.Reading {
    @Override
    public boolean whole() {
      return named;
    }
  }

  public Msdos {
    partitions = partitions.stream().sorted(Comparator.comparingInt(Partition::number)).toList();
    defect(signature, totalSectors, partitions)
        .ifPresent(
            defect -> {
              throw new OperatorError("The partition table is not valid: " + defect + ".");
            });
  }

  /**
   * Writes the names, the sectors that describe logical partitions, and then the table itself. The
   * boot code in front of it is kept.
   *
   * @throws OperatorError when the disk is smaller than the table says
   */
  @Override
  public void write(Path disk) {
    try (DiskFile file = DiskFile.openToWrite(disk)) {
      file.requireSize(totalSectors * Partition.SECTOR);
      MsdosFormat.write(this, file);
    }
  }

  @Override
  public Kind kind() {
    return Kind.MSDOS;
  }

  @Override
  public String diskId() {
    return String.format(Locale.ROOT, "%08x", signature);
  }

  @Override
  public Msdos onDiskOf(long sectors) {
    return new Msdos(signature, sectors, partitions);
  }

  Stream<Partition> primary() {
    return partitions.stream().filter(partition -> partition.number() <= EXTENDED);
  }

  List<Partition> logical() {
    return partitions.stream().filter(partition -> partition.number() > EXTENDED).toList();
  }

  private static Optional<String> defect(
      int signature, long totalSectors, List<Partition> partitions) {
    if (totalSectors < 1 || totalSectors > LARGEST_SECTORS) {
      return Optional.of("a disk of " + totalSectors + " sectors cannot have one");
    }
    for (Partition partition : partitions) {
      if (!partition.id().equals(PartitionId.of(signature, partition.number()))) {
        return Optional.of(
            "partition " + partition.number() + " has the identity " + partition.id());
      }
    }
    return Partition.defect(partitions, HIGHEST_NUMBER, 1, totalSectors - 1);
  }
}
