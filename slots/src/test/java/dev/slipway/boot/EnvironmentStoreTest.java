package dev.slipway.boot;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.disk.DiskLayout;
import dev.slipway.disk.EfiSystemPartition;
import dev.slipway.disk.FatFile;
import dev.slipway.disk.PartitionTable;
import dev.slipway.linux.Command;
import dev.slipway.linux.LoopDevice;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvironmentStoreTest {

  private static final TransactionId T1 = new TransactionId("T1");
  private static final TransactionId T2 = new TransactionId("T2");
  private static final BootEnvironment START = BootEnvironment.first("a", T1);
  private static final BootEnvironment TRIAL = START.trial("b", T2);

  @TempDir Path directory;

  private Path disk;
  private long esp;
  private EnvironmentStore store;

  @BeforeEach
  void aNewDisk() throws IOException {
    DiskLayout layout =
        DiskLayout.plan(
            PartitionTable.Kind.GPT,
            OptionalLong.empty(),
            List.of(new DiskLayout.SlotSize("a", 1 << 20)),
            OptionalLong.of(1 << 20),
            UUID::randomUUID);
    disk = directory.resolve("disk.img");
    try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.setLength(layout.diskSize());
    }
    new EfiSystemPartition(1, new byte[100_000], "", START.block()).writeTo(disk, layout.esp());
    esp = layout.esp().offset();
    store = new EnvironmentStore(disk, esp);
  }

  @Test
  void aNewDiskIsWhole() {
    EnvironmentStore.Reading reading = store.read();
    assertThat(reading.environment()).contains(START);
    assertThat(reading.whole()).isTrue();
    assertThat(store.repair()).isFalse();
  }

  @Test
  void bothCopiesAreWrittenInPlaceAndNothingElse() throws IOException {
    byte[] before = Files.readAllBytes(disk);
    store.write(TRIAL);
    assertThat(store.read())
        .isEqualTo(
            new EnvironmentStore.Reading(
                new EnvironmentCopy.Valid(TRIAL), new EnvironmentCopy.Valid(TRIAL), 1));
    byte[] after = Files.readAllBytes(disk);
    for (int copy = 1; copy <= 2; copy++) {
      System.arraycopy(START.block(), 0, after, (int) offset(copy), 1024);
    }
    assertThat(after).isEqualTo(before);
    String image = disk + "@@" + esp;
    assertThat(Command.of("mtype", "-i", image, "::/slipway/env2").run().out())
        .startsWith("# GRUB Environment Block\ngen=1000000001\n");
  }

  @Test
  void itWorksOnABlockDevice() {
    try (LoopDevice device = LoopDevice.attach(disk, 0, disk.toFile().length())) {
      EnvironmentStore onDevice = new EnvironmentStore(device.path(), esp);
      onDevice.write(TRIAL);
      assertThat(onDevice.read().environment()).contains(TRIAL);
    }
    assertThat(store.read().environment()).contains(TRIAL);
  }

  @Test
  void theNewerCopyCounts() throws IOException {
    put(2, TRIAL.block());
    assertThat(store.read().chosen()).isEqualTo(2);
    assertThat(store.read().environment()).contains(TRIAL);
    assertThat(store.repair()).isTrue();
    assertThat(store.read().whole()).isTrue();
    assertThat(store.read().environment()).contains(TRIAL);
  }

  @Test
  void ofOneGenerationTheCopyWithFewerTriesCounts() throws IOException {
    store.write(TRIAL);
    put(2, EnvironmentBlock.save(TRIAL.block(), "tries", "2").orElseThrow());
    assertThat(store.read().chosen()).isEqualTo(2);
    assertThat(store.read().environment().orElseThrow().trial())
        .contains(new BootEnvironment.Trial("b", 2));
  }

  @Test
  void aDamagedCopyIsMendedFromTheOther() throws IOException {
    for (int copy = 1; copy <= 2; copy++) {
      put(copy, new byte[1024]);
      assertThat(store.read().environment()).contains(START);
      assertThat(store.read().whole()).isFalse();
      assertThat(store.repair()).isTrue();
      assertThat(store.read().whole()).isTrue();
    }
  }

  @Test
  void withBothCopiesDamagedThereIsNoEnvironmentUntilOneIsWritten() throws IOException {
    put(1, new byte[1024]);
    put(2, new byte[1024]);
    assertThat(store.read().environment()).isEmpty();
    assertThatThrownBy(() -> store.repair())
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("Both copies");
    store.write(START);
    assertThat(store.read().whole()).isTrue();
  }

  /** GRUB knows no slot names: it goes by a copy that we cannot read. */
  @Test
  void aCopyThatOnlyGrubTakesIsOverwrittenFirstAndOutranked() throws IOException {
    byte[] onlyForGrub =
        new String(TRIAL.block(), US_ASCII)
            .replace("default_slot=a", "default_slot=A_B")
            .getBytes(US_ASCII);
    for (int copy = 1; copy <= 2; copy++) {
      put(copy, onlyForGrub);
      put(3 - copy, new byte[1024]);
      EnvironmentStore.Reading reading = store.read();
      assertThat(reading.environment()).isEmpty();
      assertThat(reading.firstToWrite()).isEqualTo(copy);
      BootEnvironment rebuilt = BootEnvironment.rebuilt("a", T1, reading.highestGeneration());
      assertThat(rebuilt.generation()).isGreaterThan(TRIAL.generation());
      store.write(rebuilt);
      assertThat(store.read().environment()).contains(rebuilt);
    }
  }

  @Test
  void anOlderEnvironmentIsNotWrittenOverANewerOne() {
    store.write(TRIAL);
    for (BootEnvironment stale : List.of(START, START.committed("b", T1))) {
      assertThatThrownBy(() -> store.write(stale))
          .isInstanceOfSatisfying(
              OperatorError.class, error -> assertThat(error.exitCode()).isEqualTo(3))
          .hasMessageContaining("changed meanwhile");
    }
    assertThat(store.read().environment()).contains(TRIAL);
  }

  @Test
  void aFileThatIsNoLongerAsItWasMadeIsNotWritten() throws IOException {
    Path small = Files.write(directory.resolve("small"), new byte[512]);
    String image = disk + "@@" + esp;
    Command.of("mcopy", "-o", "-i", image, small.toString(), "::/slipway/env2").run();
    byte[] before = Files.readAllBytes(disk);
    assertThatThrownBy(() -> store.write(TRIAL))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("/slipway/env2")
        .hasMessageContaining("Nothing was changed");
    assertThat(Files.readAllBytes(disk)).isEqualTo(before);

    Command.of("mdel", "-i", image, "::/slipway/env2").run();
    assertThatThrownBy(() -> store.write(TRIAL))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("There is no file /slipway/env2");
  }

  private long offset(int copy) {
    return FatFile.find(disk, esp, "/slipway/env" + copy).ranges().get(0).offset();
  }

  private void put(int copy, byte[] bytes) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.seek(offset(copy));
      file.write(bytes);
    }
  }
}
