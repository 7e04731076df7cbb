package dev.slipway.disk;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * The names of the partitions of an msdos table, which has no place for any: text in the last 4 KiB
 * before the first MiB, where no partition lies. Boot scripts without a FAT driver read it as well.
 *
 * <pre>
 * slipway-partitions 1
 * disk 5119d2a1 16777216
 * 1 2048 131072 slipway-esp
 * 2 133120 8388608 slipway-slot-slot1
 * crc32 0f1e2d3c
 * </pre>
 *
 * <p>The second line has the disk's signature and its sectors, those that follow a partition's
 * number, first sector, count of sectors and name, the last one the CRC-32 of all lines before. The
 * rest is zeros. Names that do not fit the table in each of that are not believed.
 *
 * @param diskSectors sectors of the disk that the table was made for
 * @param lines one for each named partition
 */
record PartitionNames(int signature, long diskSectors, List<Line> lines) {

  /** Where they lie: sectors 2040 to 2047. */
  static final long FIRST_LBA = 2040;

  /** In bytes. */
  static final int SIZE = 8 * Partition.SECTOR;

  private static final String MAGIC = "slipway-partitions 1\n";
  private static final Pattern FORM =
      Pattern.compile(
          "(?<lines>slipway-partitions 1\\n"
              + "disk (?<signature>[0-9a-f]{8}) (?<sectors>[0-9]{1,10})\\n"
              + "(?:[0-9]{1,2} [0-9]{1,10} [0-9]{1,10} [!-~]{1,36}\\n)*)"
              + "crc32 (?<crc>[0-9a-f]{8})\\n\\x00*");

  /** What is said of one partition. */
  record Line(int number, long firstLba, long sectors, String name) {

    static Line of(Partition partition) {
      return new Line(
          partition.number(),
          partition.firstLba(),
          partition.lastLba() - partition.firstLba() + 1,
          partition.name());
    }

    private static Line parse(String line) {
      String[] fields = line.split(" ", 4);
      return new Line(
          Integer.parseInt(fields[0]),
          Long.parseLong(fields[1]),
          Long.parseLong(fields[2]),
          fields[3]);
    }

    private String text() {
      return number + " " + firstLba + " " + sectors + " " + name + "\n";
    }
  }

  PartitionNames {
    lines = List.copyOf(lines);
  }

  /** Those of a table's partitions that have one. */
  static PartitionNames of(Msdos table) {
    return new PartitionNames(
        table.signature(),
        table.totalSectors(),
        table.partitions().stream()
            .filter(partition -> !partition.name().isEmpty())
            .map(Line::of)
            .toList());
  }

  /** Reads them; empty when there are none, or not whole. */
  static Optional<PartitionNames> parse(ByteBuffer place) {
    byte[] bytes = new byte[place.remaining()];
    place.get(place.position(), bytes);
    String text = new String(bytes, US_ASCII);
    // The magic first: it spares the pattern a disk full of other things.
    Matcher form = FORM.matcher(text);
    if (!text.startsWith(MAGIC)
        || !form.matches()
        || !crc(form.group("lines")).equals(form.group("crc"))) {
      return Optional.empty();
    }
    return Optional.of(
        new PartitionNames(
            Integer.parseUnsignedInt(form.group("signature"), 16),
            Long.parseLong(form.group("sectors")),
            form.group("lines").lines().skip(2).map(Line::parse).toList()));
  }

  /** Exactly {@link #SIZE} bytes. */
  byte[] bytes() {
    StringBuilder text = new StringBuilder(MAGIC);
    text.append(String.format(Locale.ROOT, "disk %08x %d\n", signature, diskSectors));
    lines.forEach(line -> text.append(line.text()));
    String crc = crc(text.toString());
    text.append("crc32 ").append(crc).append('\n');
    byte[] bytes = text.toString().getBytes(US_ASCII);
    if (bytes.length > SIZE) {
      throw new IllegalStateException("the names of partitions need " + bytes.length + " bytes");
    }
    return ByteBuffer.allocate(SIZE).put(bytes).array();
  }

  /** The names by the number of the partition, if every one of them fits these partitions. */
  Optional<Map<Integer, String>> forTable(int diskSignature, List<Partition> partitions) {
    Map<Integer, String> names = new HashMap<>();
    for (Line line : lines) {
      boolean fits =
          partitions.stream()
              .map(Line::of)
              .anyMatch(
                  found ->
                      found.number() == line.number()
                          && found.firstLba() == line.firstLba()
                          && found.sectors() == line.sectors());
      if (!fits || names.put(line.number(), line.name()) != null) {
        return Optional.empty();
      }
    }
    return signature == diskSignature ? Optional.of(names) : Optional.empty();
  }

  private static String crc(String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(US_ASCII));
    return String.format(Locale.ROOT, "%08x", crc.getValue());
  }
}
