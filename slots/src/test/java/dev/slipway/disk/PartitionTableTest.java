package dev.slipway.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PartitionTableTest {

  @TempDir Path directory;

  static Stream<PartitionTable> bothKinds() {
    return Stream.of(new Gpt(UUID.randomUUID(), 9_000, List.of()), new Msdos(7, 9_000, List.of()));
  }

  @ParameterizedTest
  @MethodSource("bothKinds")
  void bootCodeInSectorZeroSurvivesAWrite(PartitionTable table) throws IOException {
    Path disk = BareDisk.in(directory, table.totalSectors());
    byte[] code = new byte[440];
    new Random(1).nextBytes(code);
    try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.write(code);
    }
    table.write(disk);
    assertThat(PartitionTable.read(disk)).isEqualTo(table);
    assertThat(Arrays.copyOf(Files.readAllBytes(disk), code.length)).isEqualTo(code);
  }

  @ParameterizedTest
  @MethodSource("bothKinds")
  void aTableIsNotWrittenToADiskThatIsTooSmall(PartitionTable table) throws IOException {
    Path disk = BareDisk.in(directory, table.totalSectors() - 1);
    byte[] before = Files.readAllBytes(disk);
    assertThatThrownBy(() -> table.write(disk)).isInstanceOf(OperatorError.class);
    assertThat(Files.readAllBytes(disk)).isEqualTo(before);
  }

  @Test
  void aDiskWithoutATableOrTooSmallIsRefused() throws IOException {
    Path empty = BareDisk.in(directory, 1_000);
    assertThatThrownBy(() -> PartitionTable.read(empty))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("has no partition table");
    Path tiny = Files.write(directory.resolve("tiny"), new byte[500]);
    assertThatThrownBy(() -> PartitionTable.read(tiny))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("too small");
    assertThatThrownBy(() -> PartitionTable.read(directory.resolve("missing")))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("There is no disk");
  }
}
