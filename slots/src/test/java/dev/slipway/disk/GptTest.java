package dev.slipway.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.linux.Command;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GptTest {

  private static final long SEED = Long.getLong("slipway.seed", System.nanoTime());

  @TempDir Path directory;

  @Test
  void whatIsWrittenIsReadBackWhole() throws IOException {
    System.out.println("GptTest seed " + SEED);
    Random random = new Random(SEED);
    for (int i = 0; i < 200; i++) {
      Gpt table = randomTable(random);
      Path disk = BareDisk.in(directory, table.totalSectors());
      table.write(disk);
      assertThat(PartitionTable.examine(disk)).isEqualTo(new Gpt.Reading(table, true, true));
    }
  }

  @Test
  void otherProgramsFindTheTableFaultless() throws IOException {
    Random random = new Random(SEED);
    for (int i = 0; i < 10; i++) {
      Gpt table = randomTable(random);
      Path disk = BareDisk.in(directory, table.totalSectors());
      table.write(disk);
      assertThat(Command.of("sgdisk", "--verify", disk.toString()).run().out())
          .contains("No problems found");
      String dump = Command.of("sfdisk", "--dump", disk.toString()).run().out();
      assertThat(dump).containsIgnoringCase("label-id: " + table.diskUuid());
      for (Partition partition : table.partitions()) {
        String line =
            dump.lines()
                .filter(
                    candidate -> candidate.startsWith(disk.toString() + partition.number() + " "))
                .findFirst()
                .orElseThrow();
        assertThat(line)
            .containsIgnoringCase("type=" + partition.type())
            .containsIgnoringCase("uuid=" + partition.id())
            .contains("name=\"" + partition.name() + "\"")
            .containsPattern("start= *" + partition.firstLba() + ",")
            .containsPattern("size= *" + (partition.lastLba() - partition.firstLba() + 1) + ",");
        assertThat(line.contains("GUID:63")).isEqualTo(partition.attributes() == Partition.NO_AUTO);
      }
    }
  }

  @Test
  void aTableWrittenByAnotherProgramIsRead() throws IOException {
    Path disk = BareDisk.in(directory, 100_000);
    Command.of(
            "sgdisk",
            "--new=2:2048:4095",
            "--typecode=2:EF00",
            "--change-name=2:ESP of mine",
            "--new=7:8192:9000",
            "--attributes=7:set:63",
            disk.toString())
        .run();
    PartitionTable table = PartitionTable.read(disk);
    assertThat(table.totalSectors()).isEqualTo(100_000);
    assertThat(table.partitions()).extracting(Partition::number).containsExactly(2, 7);
    Partition esp = table.named("ESP of mine").orElseThrow();
    assertThat(esp.is(PartitionType.EFI_SYSTEM)).isTrue();
    assertThat(esp.offset()).isEqualTo(1 << 20);
    assertThat(esp.size()).isEqualTo(1 << 20);
    assertThat(table.partitions().get(1).attributes()).isEqualTo(Partition.NO_AUTO);
  }

  @Test
  void anyDamageToOneCopyLeavesTheOtherReadable() throws IOException {
    Random random = new Random(SEED);
    Gpt table = randomTable(random);
    long last = table.totalSectors() - 1;
    for (int i = 0; i < 200; i++) {
      Path disk = BareDisk.in(directory, table.totalSectors());
      table.write(disk);
      boolean primary = random.nextBoolean();
      // Only bytes that mean something: the header's 92, or the entries.
      long at =
          random.nextBoolean()
              ? (primary ? 1 : last) * 512 + random.nextInt(92)
              : (primary ? 2 : last - 32) * 512 + random.nextInt(32 * 512);
      BareDisk.flip(disk, at, random.nextInt(8));
      assertThat(PartitionTable.examine(disk)).isEqualTo(new Gpt.Reading(table, !primary, primary));
    }
  }

  @Test
  void bothCopiesDamagedIsSaidSo() throws IOException {
    Gpt table = randomTable(new Random(SEED));
    Path disk = BareDisk.in(directory, table.totalSectors());
    table.write(disk);
    BareDisk.flip(disk, 512 + 60, 1);
    BareDisk.flip(disk, (table.totalSectors() - 1) * 512 + 60, 1);
    assertThatThrownBy(() -> PartitionTable.read(disk))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("Both copies")
        .hasMessageContaining(disk.toString());
  }

  @Test
  void aTableOnALargerDiskIsStillFound() throws IOException {
    Gpt table = randomTable(new Random(SEED));
    Path disk = BareDisk.in(directory, table.totalSectors());
    table.write(disk);
    try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.setLength((table.totalSectors() + 5_000) * 512);
    }
    assertThat(PartitionTable.examine(disk)).isEqualTo(new Gpt.Reading(table, true, true));
  }

  @Test
  void randomBytesAreRefusedAndNotBelieved() throws IOException {
    Random random = new Random(SEED);
    byte[] noise = new byte[200 * 512];
    for (int i = 0; i < 300; i++) {
      random.nextBytes(noise);
      // Past the first checks, or they would be all that is tested.
      noise[510] = 0x55;
      noise[511] = (byte) 0xaa;
      noise[446 + 4] = (byte) 0xee;
      System.arraycopy(
          "EFI PART".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, noise, 512, 8);
      Path disk = Files.write(directory.resolve("noise"), noise);
      assertThatThrownBy(() -> PartitionTable.read(disk)).isInstanceOf(OperatorError.class);
    }
  }

  @Test
  void overlappingPartitionsAreRefused() {
    assertThatThrownBy(
            () ->
                new Gpt(
                    UUID.randomUUID(),
                    10_000,
                    List.of(partition(1, 100, 200), partition(2, 200, 300))))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("partitions 1 and 2 overlap");
  }

  private static Partition partition(int number, long first, long last) {
    return new Partition(
        number,
        PartitionType.LINUX_DATA.in(PartitionTable.Kind.GPT),
        PartitionId.of(UUID.randomUUID()),
        first,
        last,
        "p" + number,
        0);
  }

  private static Gpt randomTable(Random random) {
    List<Partition> partitions = new ArrayList<>();
    long next = 34;
    int number = 1;
    int count = 1 + random.nextInt(20);
    for (int i = 0; i < count; i++) {
      long first = next + random.nextInt(100);
      long last = first + random.nextInt(5_000);
      PartitionType[] types = PartitionType.values();
      partitions.add(
          new Partition(
              number,
              types[random.nextInt(types.length)].in(PartitionTable.Kind.GPT),
              PartitionId.of(new UUID(random.nextLong(), random.nextLong())),
              first,
              last,
              "slipway-" + random.nextInt(1_000_000),
              random.nextBoolean() ? Partition.NO_AUTO : 0));
      next = last + 1;
      number += 1 + random.nextInt(3);
    }
    return new Gpt(
        new UUID(random.nextLong(), random.nextLong()),
        next + 33 + random.nextInt(1_000),
        partitions);
  }
}
