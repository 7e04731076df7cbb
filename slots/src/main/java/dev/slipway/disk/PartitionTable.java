package dev.slipway.disk;

import dev.slipway.linux.OperatorError;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The partition table of a disk with sectors of 512 bytes, of one of the two kinds. */
public sealed interface PartitionTable permits Gpt, Msdos {

  /** The kinds of partition tables. */
  enum Kind {
    /** A GUID partition table. */
    GPT,
    /** The older one, in the master boot record. */
    MSDOS;

    /** As disk.yml, GRUB ({@code gpt2}, {@code msdos1}) and messages call it. */
    public String token() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What was found on a disk: the table, and how whole it was. */
  sealed interface Reading permits Gpt.Reading, Msdos.Reading {
    PartitionTable table();

    /** Whether all of it was found: the copies of a GPT, the names of an msdos table. */
    boolean whole();
  }

  /**
   * Reads the table of a disk or disk image.
   *
   * @throws OperatorError when it has none, or one that does not hold together
   */
  static PartitionTable read(Path disk) {
    return examine(disk).table();
  }

  /**
   * Reads the table and says how whole it was.
   *
   * @throws OperatorError when there is none, or one that does not hold together
   */
  static Reading examine(Path disk) {
    return find(disk)
        .orElseThrow(
            () ->
                new OperatorError(
                    disk + " has no partition table: there is none in its sector 0."));
  }

  /**
   * Looks for a table.
   *
   * @return empty when sector 0 has none
   * @throws OperatorError when there is one, but it does not hold together
   */
  static Optional<Reading> find(Path disk) {
    try (DiskFile file = DiskFile.openToRead(disk)) {
      if (file.size() < Partition.SECTOR) {
        throw new OperatorError(disk + " is too small to hold a partition table.");
      }
      ByteBuffer sector = file.read(0, Partition.SECTOR);
      if (ProtectiveMbr.isIn(sector)) {
        return Optional.of(GptFormat.read(file));
      }
      if (MsdosFormat.isIn(sector)) {
        return Optional.of(MsdosFormat.read(file));
      }
      return Optional.empty();
    }
  }

  /** Which kind it is. */
  Kind kind();

  /** The disk's own identity: a GUID, or the eight hexadecimal digits of its signature. */
  String diskId();

  /** Sectors of the disk that the table was made for. */
  long totalSectors();

  /** Ordered by number. */
  List<Partition> partitions();

  /** The same partitions on a disk of so many sectors. */
  PartitionTable onDiskOf(long sectors);

  /**
   * Writes the table; boot code in the disk's first 440 bytes is kept.
   *
   * @throws OperatorError when the disk is smaller than the table says
   */
  void write(Path disk);

  /** The partition of that name; Slipway's have one in either kind of table. */
  default Optional<Partition> named(String name) {
    return partitions().stream().filter(partition -> partition.name().equals(name)).findFirst();
  }

  /** The partition with that identity. */
  default Optional<Partition> withId(PartitionId id) {
    return partitions().stream().filter(partition -> partition.id().equals(id)).findFirst();
  }
}
