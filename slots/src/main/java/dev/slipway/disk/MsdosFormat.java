package dev.slipway.disk;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.slipway.linux.OperatorError;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The bytes of an msdos partition table (UEFI specification 5.2.1, and block/partitions/msdos.c of
 * the kernel for logical partitions).
 */
final class MsdosFormat {

  private static final int SIGNATURE = 440;
  private static final int FIRST_ENTRY = 446;
  private static final int ENTRY_SIZE = 16;
  private static final int PRIMARIES = 4;
  private static final int MARK = 510;
  private static final short MARKED = (short) 0xaa55;
  private static final byte ACTIVE = (byte) 0x80;

  /** An extended partition whose sectors are counted, not addressed by cylinder. */
  private static final int EXTENDED_LBA = 0x0f;

  /** In the chain of logical partitions: the next one. */
  private static final int EXTENDED = 0x05;

  private static final Set<Integer> EXTENDED_TYPES = Set.of(EXTENDED, EXTENDED_LBA, 0x85);

  private MsdosFormat() {}

  /**
   * Whether a sector 0 ends as one with such a table does, has entries that could be ones, and is
   * not the boot sector of a FAT or NTFS without a table, which ends alike.
   */
  static boolean isIn(ByteBuffer sector) {
    if (sector.getShort(MARK) != MARKED || isBootSector(sector)) {
      return false;
    }
    for (int i = 0; i < PRIMARIES; i++) {
      byte status = sector.get(FIRST_ENTRY + i * ENTRY_SIZE);
      if (status != 0 && status != ACTIVE) {
        return false;
      }
    }
    return true;
  }

  private static boolean isBootSector(ByteBuffer sector) {
    return says(sector, 0x36, "FAT")
        || says(sector, 0x52, "FAT")
        || says(sector, 3, "NTFS")
        || says(sector, 3, "EXFAT");
  }

  private static boolean says(ByteBuffer sector, int at, String name) {
    byte[] found = new byte[name.length()];
    sector.get(at, found);
    return new String(found, ISO_8859_1).equals(name);
  }

  static Msdos.Reading read(DiskFile disk) {
    ByteBuffer sector = disk.read(0, Partition.SECTOR);
    int signature = sector.getInt(SIGNATURE);
    long sectors = Math.min(disk.size() / Partition.SECTOR, Msdos.LARGEST_SECTORS);
    List<Partition> found = new ArrayList<>();
    for (int i = 0; i < PRIMARIES; i++) {
      Entry entry = Entry.at(sector, i, 0);
      if (EXTENDED_TYPES.contains(entry.type())) {
        found.addAll(logical(disk, signature, entry));
      } else if (entry.isUsed()) {
        found.add(entry.partition(signature, i + 1));
      }
    }
    Msdos bare = new Msdos(signature, sectors, found);
    Optional<PartitionNames> names = names(disk);
    Optional<Map<Integer, String>> fitting =
        names.flatMap(all -> all.forTable(signature, bare.partitions()));
    if (fitting.isEmpty() || names.get().diskSectors() > sectors) {
      return new Msdos.Reading(bare, false);
    }
    List<Partition> named =
        bare.partitions().stream()
            .map(partition -> named(partition, fitting.get().getOrDefault(partition.number(), "")))
            .toList();
    return new Msdos.Reading(new Msdos(signature, names.get().diskSectors(), named), true);
  }

  private static Optional<PartitionNames> names(DiskFile disk) {
    long offset = PartitionNames.FIRST_LBA * Partition.SECTOR;
    return disk.size() < offset + PartitionNames.SIZE
        ? Optional.empty()
        : PartitionNames.parse(disk.read(offset, PartitionNames.SIZE));
  }

  private static Partition named(Partition partition, String name) {
    return new Partition(
        partition.number(),
        partition.type(),
        partition.id(),
        partition.firstLba(),
        partition.lastLba(),
        name,
        partition.attributes());
  }

  /** Each logical partition is described by a sector that also says where the next one is. */
  private static List<Partition> logical(DiskFile disk, int signature, Entry extended) {
    List<Partition> found = new ArrayList<>();
    Set<Long> seen = new HashSet<>();
    Optional<Long> at = Optional.of(extended.first());
    int number = Msdos.EXTENDED;
    while (at.isPresent()) {
      long here = at.get();
      if (!seen.add(here) || seen.size() > Msdos.HIGHEST_NUMBER) {
        throw broken(disk, "its logical partitions lead in a circle");
      }
      ByteBuffer sector = disk.read(here * Partition.SECTOR, Partition.SECTOR);
      if (sector.getShort(MARK) != MARKED) {
        throw broken(disk, "sector " + here + " should describe a logical partition");
      }
      Entry own = Entry.at(sector, 0, here);
      if (own.isUsed()) {
        number++;
        found.add(own.partition(signature, number));
      }
      Entry next = Entry.at(sector, 1, extended.first());
      at = EXTENDED_TYPES.contains(next.type()) ? Optional.of(next.first()) : Optional.empty();
    }
    return found;
  }

  private static OperatorError broken(DiskFile disk, String how) {
    return new OperatorError("The partition table of " + disk.path() + " is damaged: " + how + ".");
  }

  static void write(Msdos table, DiskFile disk) {
    requireRoomToDescribe(table);
    disk.write(PartitionNames.FIRST_LBA * Partition.SECTOR, PartitionNames.of(table).bytes());
    writeLogical(table, disk);
    disk.flush();
    byte[] bytes = new byte[Partition.SECTOR];
    ByteBuffer record = marked(bytes);
    record.putInt(SIGNATURE, table.signature());
    table
        .primary()
        .forEach(partition -> Entry.of(partition, 0).put(record, partition.number() - 1));
    extended(table).ifPresent(extended -> extended.put(record, Msdos.EXTENDED - 1));
    // GRUB needs no active partition, but some BIOSes start no disk that has none.
    record.put(FIRST_ENTRY, ACTIVE);
    disk.write(SIGNATURE, Arrays.copyOfRange(bytes, SIGNATURE, bytes.length));
    disk.flush();
  }

  private static void requireRoomToDescribe(Msdos table) {
    if (!table.logical().isEmpty()
        && table.partitions().stream().anyMatch(each -> each.number() == Msdos.EXTENDED)) {
      throw new OperatorError(
          "Partition 4 cannot be written: logical ones need its place for the extended partition.");
    }
    for (Partition logical : table.logical()) {
      long here = describedAt(logical);
      if (here < Msdos.FIRST_USABLE
          || table.partitions().stream()
              .anyMatch(other -> other.firstLba() <= here && here <= other.lastLba())) {
        throw new OperatorError(
            "There is no room for the sector that describes logical partition "
                + logical.number()
                + ": it lies 1 MiB before the partition.");
      }
    }
  }

  private static void writeLogical(Msdos table, DiskFile disk) {
    List<Partition> logical = table.logical();
    for (int i = 0; i < logical.size(); i++) {
      long here = describedAt(logical.get(i));
      byte[] bytes = new byte[Partition.SECTOR];
      ByteBuffer sector = marked(bytes);
      Entry.of(logical.get(i), here).put(sector, 0);
      if (i + 1 < logical.size()) {
        long next = describedAt(logical.get(i + 1));
        new Entry(EXTENDED, next, logical.get(i + 1).lastLba() - next + 1)
            .relativeTo(describedAt(logical.get(0)))
            .put(sector, 1);
      }
      disk.write(here * Partition.SECTOR, bytes);
    }
  }

  private static Optional<Entry> extended(Msdos table) {
    List<Partition> logical = table.logical();
    if (logical.isEmpty()) {
      return Optional.empty();
    }
    long first = describedAt(logical.get(0));
    long last = logical.get(logical.size() - 1).lastLba();
    return Optional.of(new Entry(EXTENDED_LBA, first, last - first + 1));
  }

  private static long describedAt(Partition logical) {
    return logical.firstLba() - Msdos.LOGICAL_GAP;
  }

  private static ByteBuffer marked(byte[] sector) {
    return ByteBuffer.wrap(sector).order(ByteOrder.LITTLE_ENDIAN).putShort(MARK, MARKED);
  }

  /** An entry of a table; its first sector counts from the start of the disk where it was read. */
  private record Entry(int type, long first, long sectors) {

    static Entry at(ByteBuffer sector, int index, long base) {
      int at = FIRST_ENTRY + index * ENTRY_SIZE;
      return new Entry(
          sector.get(at + 4) & 0xff,
          base + Integer.toUnsignedLong(sector.getInt(at + 8)),
          Integer.toUnsignedLong(sector.getInt(at + 12)));
    }

    static Entry of(Partition partition, long base) {
      return new Entry(
              Integer.parseInt(partition.type(), 16),
              partition.firstLba(),
              partition.lastLba() - partition.firstLba() + 1)
          .relativeTo(base);
    }

    boolean isUsed() {
      return type != 0 && sectors > 0;
    }

    Partition partition(int signature, int number) {
      return new Partition(
          number,
          String.format(Locale.ROOT, "%02x", type),
          PartitionId.of(signature, number),
          first,
          first + sectors - 1,
          "",
          0);
    }

    Entry relativeTo(long base) {
      return new Entry(type, first - base, sectors);
    }

    void put(ByteBuffer sector, int index) {
      int at = FIRST_ENTRY + index * ENTRY_SIZE;
      // Cylinders, heads and sectors: beyond what they can say; everything goes by the numbers.
      byte[] beyond = {(byte) 0xfe, -1, -1};
      sector.put(at + 1, beyond);
      sector.put(at + 4, (byte) type);
      sector.put(at + 5, beyond);
      sector.putInt(at + 8, (int) first);
      sector.putInt(at + 12, (int) sectors);
    }
  }
}
