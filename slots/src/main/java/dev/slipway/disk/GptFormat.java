package dev.slipway.disk;

import static java.nio.charset.StandardCharsets.UTF_16LE;

import dev.slipway.linux.OperatorError;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32;

/** The bytes of a GUID partition table (UEFI specification 5.3.2 and 5.3.3). */
final class GptFormat {

  private static final long SIGNATURE = 0x5452415020494645L; // "EFI PART"
  private static final int REVISION = 0x00010000;
  private static final int HEADER_SIZE = 92;
  private static final int ENTRY_SIZE = 128;
  private static final int NAME_OFFSET = 56;
  private static final int ARRAY_SECTORS = 32;
  private static final int LARGEST_ARRAY = 1 << 20;
  private static final UUID UNUSED = new UUID(0, 0);

  private GptFormat() {}

  static Gpt.Reading read(DiskFile disk) {
    if (disk.size() < (Gpt.FIRST_USABLE + Gpt.RESERVED_AT_END) * Partition.SECTOR) {
      throw new OperatorError(disk.path() + " is too small to hold a partition table.");
    }
    if (disk.size() >= 8192 && disk.read(4096, 8).getLong() == SIGNATURE) {
      throw new OperatorError(
          disk.path() + " has sectors of 4096 bytes; only disks with 512 are supported.");
    }
    if (!ProtectiveMbr.isIn(disk.read(0, Partition.SECTOR))) {
      throw new OperatorError(
          disk.path() + " has no GUID partition table: sector 0 is not a protective MBR.");
    }
    Optional<Gpt> primary = readCopy(disk, 1, Place.PRIMARY);
    long last = primary.map(Gpt::totalSectors).orElse(disk.size() / Partition.SECTOR) - 1;
    Optional<Gpt> backup = readCopy(disk, last, Place.BACKUP);
    Gpt table =
        primary
            .or(() -> backup)
            .orElseThrow(
                () ->
                    new OperatorError(
                        "Both copies of the partition table of " + disk.path() + " are damaged."));
    return new Gpt.Reading(table, primary.isPresent(), backup.equals(Optional.of(table)));
  }

  static void write(Gpt table, DiskFile disk) {
    byte[] entries = entries(table);
    long last = table.totalSectors() - 1;
    // The backup first: a disk whose table is being replaced has a whole copy at any moment.
    disk.write((last - ARRAY_SECTORS) * Partition.SECTOR, entries);
    disk.write(last * Partition.SECTOR, header(table, entries, Place.BACKUP));
    disk.flush();
    disk.write(2 * Partition.SECTOR, entries);
    disk.write(Partition.SECTOR, header(table, entries, Place.PRIMARY));
    ProtectiveMbr.write(disk, table.totalSectors());
    disk.flush();
  }

  private enum Place {
    PRIMARY,
    BACKUP
  }

  private static Optional<Gpt> readCopy(DiskFile disk, long lba, Place place) {
    if ((lba + 1) * Partition.SECTOR > disk.size()) {
      return Optional.empty();
    }
    ByteBuffer header = disk.read(lba * Partition.SECTOR, Partition.SECTOR);
    int size = header.getInt(12);
    if (header.getLong(0) != SIGNATURE
        || header.getInt(8) != REVISION
        || size < HEADER_SIZE
        || size > Partition.SECTOR
        || header.getInt(16) != headerCrc(header, size)
        || header.getLong(24) != lba) {
      return Optional.empty();
    }
    long other = header.getLong(32);
    long arrayLba = header.getLong(72);
    long count = Integer.toUnsignedLong(header.getInt(80));
    long entrySize = Integer.toUnsignedLong(header.getInt(84));
    long sectors = (place == Place.PRIMARY ? other : lba) + 1;
    if (entrySize < ENTRY_SIZE
        || entrySize % ENTRY_SIZE != 0
        || count > LARGEST_ARRAY / entrySize
        || arrayLba < 2
        || arrayLba >= disk.size() / Partition.SECTOR) {
      return Optional.empty();
    }
    int arrayBytes = (int) (count * entrySize);
    if (arrayBytes > disk.size() - arrayLba * Partition.SECTOR) {
      return Optional.empty();
    }
    ByteBuffer array = disk.read(arrayLba * Partition.SECTOR, arrayBytes);
    if (crc(array.duplicate()) != header.getInt(88)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Gpt(uuid(header, 56), sectors, partitions(array, (int) count, (int) entrySize)));
    } catch (OperatorError e) {
      // Checksums fit, but the partitions overlap or lie outside: as bad as a wrong checksum.
      return Optional.empty();
    }
  }

  private static List<Partition> partitions(ByteBuffer array, int count, int entrySize) {
    List<Partition> partitions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int at = i * entrySize;
      UUID type = uuid(array, at);
      if (!type.equals(UNUSED)) {
        partitions.add(
            new Partition(
                i + 1,
                type.toString(),
                PartitionId.of(uuid(array, at + 16)),
                array.getLong(at + 32),
                array.getLong(at + 40),
                name(array, at + NAME_OFFSET),
                array.getLong(at + 48)));
      }
    }
    return partitions;
  }

  private static byte[] header(Gpt table, byte[] entries, Place place) {
    long last = table.totalSectors() - 1;
    ByteBuffer header = ByteBuffer.allocate(Partition.SECTOR).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(0, SIGNATURE);
    header.putInt(8, REVISION);
    header.putInt(12, HEADER_SIZE);
    header.putLong(24, place == Place.PRIMARY ? 1 : last);
    header.putLong(32, place == Place.PRIMARY ? last : 1);
    header.putLong(40, Gpt.FIRST_USABLE);
    header.putLong(48, last - Gpt.RESERVED_AT_END);
    putUuid(header, 56, table.diskUuid());
    header.putLong(72, place == Place.PRIMARY ? 2 : last - ARRAY_SECTORS);
    header.putInt(80, Gpt.MAXIMUM_PARTITIONS);
    header.putInt(84, ENTRY_SIZE);
    header.putInt(88, crc(ByteBuffer.wrap(entries)));
    header.putInt(16, headerCrc(header, HEADER_SIZE));
    return header.array();
  }

  private static byte[] entries(Gpt table) {
    ByteBuffer array =
        ByteBuffer.allocate(ARRAY_SECTORS * Partition.SECTOR).order(ByteOrder.LITTLE_ENDIAN);
    for (Partition partition : table.partitions()) {
      int at = (partition.number() - 1) * ENTRY_SIZE;
      putUuid(array, at, UUID.fromString(partition.type()));
      putUuid(array, at + 16, UUID.fromString(partition.id().text()));
      array.putLong(at + 32, partition.firstLba());
      array.putLong(at + 40, partition.lastLba());
      array.putLong(at + 48, partition.attributes());
      array.put(at + NAME_OFFSET, partition.name().getBytes(UTF_16LE));
    }
    return array.array();
  }

  private static int headerCrc(ByteBuffer header, int size) {
    byte[] bytes = new byte[size];
    header.get(0, bytes);
    return crc(ByteBuffer.wrap(bytes).putInt(16, 0));
  }

  private static int crc(ByteBuffer bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  private static String name(ByteBuffer array, int at) {
    StringBuilder name = new StringBuilder();
    for (int i = at; i < at + ENTRY_SIZE - NAME_OFFSET && array.getChar(i) != 0; i += 2) {
      name.append(array.getChar(i));
    }
    return name.toString();
  }

  /** The first three fields of a GUID are little endian, the rest is as written. */
  private static UUID uuid(ByteBuffer bytes, int at) {
    long high =
        Integer.toUnsignedLong(bytes.getInt(at)) << 32
            | (long) bytes.getChar(at + 4) << 16
            | bytes.getChar(at + 6);
    return new UUID(high, Long.reverseBytes(bytes.getLong(at + 8)));
  }

  private static void putUuid(ByteBuffer bytes, int at, UUID uuid) {
    long high = uuid.getMostSignificantBits();
    bytes.putInt(at, (int) (high >>> 32));
    bytes.putShort(at + 4, (short) (high >>> 16));
    bytes.putShort(at + 6, (short) high);
    bytes.putLong(at + 8, Long.reverseBytes(uuid.getLeastSignificantBits()));
  }
}
