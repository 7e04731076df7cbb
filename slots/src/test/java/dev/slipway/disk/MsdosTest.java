package dev.slipway.disk;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.slipway.linux.Command;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MsdosTest {

  private static final long SEED = Long.getLong("slipway.seed", System.nanoTime());
  private static final int NAMES = 2040 * 512;

  @TempDir Path directory;

  @Test
  void whatIsWrittenIsReadBackWithItsNames() throws IOException {
    System.out.println("MsdosTest seed " + SEED);
    Random random = new Random(SEED);
    for (int i = 0; i < 100; i++) {
      Msdos table = randomTable(random);
      Path disk = BareDisk.in(directory, table.totalSectors());
      table.write(disk);
      assertThat(PartitionTable.examine(disk)).isEqualTo(new Msdos.Reading(table, true));
    }
  }

  @Test
  void otherProgramsFindTheTableFaultless() throws IOException {
    Random random = new Random(SEED);
    for (int i = 0; i < 10; i++) {
      Msdos table = randomTable(random);
      Path disk = BareDisk.in(directory, table.totalSectors());
      table.write(disk);
      assertThat(Command.of("sfdisk", "--verify", disk.toString()).run().out())
          .contains("No errors detected");
      String dump = Command.of("sfdisk", "--dump", disk.toString()).run().out();
      assertThat(dump).contains("label: dos", "label-id: 0x" + table.diskId());
      for (Partition partition : table.partitions()) {
        String line =
            dump.lines()
                .filter(candidate -> candidate.startsWith(disk + "" + partition.number() + " "))
                .findFirst()
                .orElseThrow();
        assertThat(line)
            .containsPattern("start= *" + partition.firstLba() + ",")
            .containsPattern("size= *" + (partition.lastLba() - partition.firstLba() + 1) + ",")
            .containsPattern("type=" + partition.type());
        assertThat(line.contains("bootable")).isEqualTo(partition.number() == 1);
      }
    }
  }

  @Test
  void aTableWrittenByAnotherProgramIsReadWithoutNames() throws IOException {
    Path disk = BareDisk.in(directory, 100_000);
    Command.of("sfdisk", "--quiet", disk.toString())
        .input(
            """
            label: dos
            label-id: 0x0a19d2a1
            start=2048, size=2048, type=c
            start=8192, size=40000, type=5
            start=10240, size=1000, type=83
            start=20480, size=2000, type=82
            start=30720, size=3000, type=8e
            """
                .getBytes(US_ASCII))
        .run();

    assertThat(PartitionTable.read(disk).partitions())
        .extracting(Partition::number, Partition::type, Partition::firstLba, Partition::size)
        .containsExactly(
            tuple(1, "0c", 2048L, 2048 * 512L),
            tuple(5, "83", 10240L, 1000 * 512L),
            tuple(6, "82", 20480L, 2000 * 512L),
            tuple(7, "8e", 30720L, 3000 * 512L));
    assertThat(PartitionTable.examine(disk))
        .isInstanceOfSatisfying(
            Msdos.Reading.class, reading -> assertThat(reading.named()).isFalse());
    assertThat(PartitionTable.read(disk).withId(new PartitionId("0a19d2a1-06")))
        .hasValueSatisfying(swap -> assertThat(swap.type()).isEqualTo("82"));
  }

  @Test
  void namesThatSpeakOfAnotherTableAreNotBelieved() throws IOException {
    Path disk = BareDisk.in(directory, 400_000);
    Msdos table =
        new Msdos(7, 400_000, List.of(partition(7, 1, 2048, 4095), partition(7, 2, 4096, 9000)));
    table.write(disk);

    Command.of("sfdisk", "--quiet", "--force", "--no-reread", "-N", "2", disk.toString())
        .input("start=4096, size=5000, type=83\n".getBytes(US_ASCII))
        .run();

    assertThat(PartitionTable.read(disk).partitions())
        .extracting(Partition::number, Partition::name)
        .containsExactly(tuple(1, ""), tuple(2, ""));
    assertThatThrownBy(() -> DiskLayout.of(PartitionTable.read(disk), "/dev/sda"))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("/dev/sda is not a Slipway disk");
  }

  @Test
  void anyDamageToTheNamesIsSeen() throws IOException {
    Random random = new Random(SEED);
    Msdos table = randomTable(random);
    Path disk = BareDisk.in(directory, table.totalSectors());
    for (int i = 0; i < 60; i++) {
      table.write(disk);
      int length = new String(PartitionNames.of(table).bytes(), US_ASCII).indexOf(0);
      BareDisk.flip(disk, NAMES + random.nextInt(length), random.nextInt(8));
      assertThat(PartitionTable.examine(disk))
          .isInstanceOfSatisfying(
              Msdos.Reading.class, reading -> assertThat(reading.named()).isFalse());
    }
  }

  @Test
  void theNamesAreTextThatAShellCanRead() throws IOException {
    Path disk = BareDisk.in(directory, 400_000);
    new Msdos(0x0a19d2a1, 400_000, List.of(partition(0x0a19d2a1, 1, 2048, 4095))).write(disk);

    assertThat(
            Command.of(
                    "sh",
                    "-c",
                    "dd if=" + disk + " bs=4096 skip=255 count=1 2>/dev/null | head -n 3")
                .run()
                .out())
        .isEqualTo("slipway-partitions 1\ndisk 0a19d2a1 400000\n1 2048 2048 p1\n");
  }

  @Test
  void logicalPartitionsThatLeadInACircleAreRefused() throws IOException {
    Path disk = BareDisk.in(directory, 400_000);
    new Msdos(7, 400_000, List.of(partition(7, 5, 6144, 8191), partition(7, 6, 10240, 12287)))
        .write(disk);
    // The second one's link leads back to the first.
    try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.seek(8192 * 512 + 446 + 16);
      file.write(
          ByteBuffer.allocate(16)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putInt(4, 5)
              .putInt(8, 0)
              .putInt(12, 4096)
              .array());
    }

    assertThatThrownBy(() -> PartitionTable.read(disk))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("lead in a circle");
  }

  @Test
  void aLogicalPartitionWithoutRoomInFrontIsNotWritten() throws IOException {
    Path disk = BareDisk.in(directory, 10_000);
    Msdos table =
        new Msdos(7, 10_000, List.of(partition(7, 1, 2048, 6000), partition(7, 5, 6144, 8191)));

    assertThatThrownBy(() -> table.write(disk))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("logical partition 5");
    assertThat(Files.readAllBytes(disk)).isEqualTo(new byte[10_000 * 512]);
  }

  @Test
  void theBootSectorOfAFileSystemIsNoTable() throws IOException {
    Path disk = BareDisk.in(directory, 100_000);
    Command.of("mkfs.vfat", "-I", disk.toString()).run();
    assertThatThrownBy(() -> PartitionTable.read(disk)).isInstanceOf(OperatorError.class);
  }

  @Test
  void randomBytesAreRefusedOrUnderstood() throws IOException {
    Random random = new Random(SEED);
    byte[] noise = new byte[200 * 512];
    for (int i = 0; i < 150; i++) {
      random.nextBytes(noise);
      noise[510] = 0x55;
      noise[511] = (byte) 0xaa;
      for (int entry = 0; entry < 4; entry++) {
        // Past the first checks, and often small enough to lie on the disk.
        noise[446 + entry * 16] = 0;
        noise[446 + entry * 16 + 4] = (byte) (random.nextBoolean() ? 5 : 0x83);
        ByteBuffer.wrap(noise)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(446 + entry * 16 + 8, random.nextInt(200))
            .putInt(446 + entry * 16 + 12, random.nextInt(60));
      }
      Path disk = Files.write(directory.resolve("noise"), noise);
      try {
        assertThat(PartitionTable.read(disk).partitions())
            .allMatch(partition -> partition.lastLba() < 200);
      } catch (OperatorError refused) {
        assertThat(refused).hasMessageMatching("(?s).*[a-z]+.*\\.");
      }
    }
  }

  private static Partition partition(int signature, int number, long first, long last) {
    return new Partition(
        number, "83", PartitionId.of(signature, number), first, last, "p" + number, 0);
  }

  private static Msdos randomTable(Random random) {
    int signature = random.nextInt();
    List<Partition> partitions = new ArrayList<>();
    long next = 2048;
    int logical = random.nextInt(9);
    int primary = 1 + random.nextInt(logical == 0 ? 4 : 3);
    for (int i = 0; i < primary + logical; i++) {
      boolean isLogical = i >= primary;
      int number = isLogical ? 5 + i - primary : i + 1;
      long first = next + (isLogical ? 2048 : 0) + random.nextInt(100);
      long last = first + random.nextInt(5_000);
      partitions.add(
          new Partition(
              number,
              random.nextBoolean() ? "83" : "ef",
              PartitionId.of(signature, number),
              first,
              last,
              "slipway-" + random.nextInt(1_000_000),
              0));
      next = last + 1;
    }
    return new Msdos(signature, next + random.nextInt(1_000), partitions);
  }
}
