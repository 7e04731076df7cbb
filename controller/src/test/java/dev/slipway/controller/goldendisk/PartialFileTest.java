package dev.slipway.controller.goldendisk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.linux.Command;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartialFileTest {
  @TempDir Path directory;
  private Path target;

  @BeforeEach
  void anOlderFile() throws IOException {
    target = Files.writeString(directory.resolve("golden.img"), "older");
  }

  /** Named as where the file system knows no file without a name, or not. */
  private PartialFile start(boolean named) {
    return named ? PartialFile.named(target, ".partial") : PartialFile.of(target);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void getsItsNameWhenItIsWhole(boolean named) throws IOException {
    try (PartialFile file = start(named)) {
      Files.writeString(file.path(), "new");
      assertThat(target).hasContent("older");
      file.complete();
    }
    assertThat(target).hasContent("new");
    assertThat(files()).containsExactly(target);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void leavesTheOlderOneWhenItIsNotCompleted(boolean named) throws IOException {
    try (PartialFile file = start(named)) {
      Files.writeString(file.path(), "half");
    }
    assertThat(target).hasContent("older");
    assertThat(files()).containsExactly(target);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void isConverted(boolean named) throws IOException {
    try (PartialFile file = start(named)) {
      Files.writeString(file.path(), "raw");
      file.completeBy(made -> write(made, "converted"));
    }
    assertThat(target).hasContent("converted");
    assertThat(files()).containsExactly(target);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void qemuConvertsIt(boolean named) throws IOException {
    try (PartialFile file = start(named)) {
      file.resize(1 << 20);
      file.completeBy(made -> DiskFormat.QCOW2.convert(file.path(), made));
    }
    assertThat(Command.of("qemu-img", "check", target.toString()).run().out())
        .contains("No errors");
    assertThat(files()).containsExactly(target);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aConversionThatFailsLeavesTheOlderOne(boolean named) throws IOException {
    try (PartialFile file = start(named)) {
      assertThatThrownBy(
              () ->
                  file.completeBy(
                      made -> {
                        write(made, "half");
                        throw new OperatorError("The disk is full.");
                      }))
          .hasMessage("The disk is full.");
    }
    assertThat(target).hasContent("older");
    assertThat(files()).containsExactly(target);
  }

  @Test
  void hasNoNameBeforeThat() throws IOException {
    try (PartialFile file = PartialFile.of(target)) {
      Files.writeString(file.path(), "half");
      assertThat(files()).containsExactly(target);
    }
  }

  @Test
  void twoWithoutANameDoNotMeet() throws IOException {
    try (PartialFile first = PartialFile.of(target);
        PartialFile second = PartialFile.of(target)) {
      Files.writeString(first.path(), "first");
      Files.writeString(second.path(), "second");
      second.complete();
      first.complete();
    }
    assertThat(target).hasContent("first");
  }

  @Test
  void twoOfOneNameWouldSoTheSecondIsRefused() {
    try (PartialFile first = start(true)) {
      assertThatThrownBy(() -> start(true))
          .isInstanceOf(OperatorError.class)
          .hasMessage(
              "Another build is writing "
                  + first.path()
                  + " right now; wait for it, or name another file.");
    }
  }

  @Test
  void whatAKilledBuildLeftUnderThatNameIsReplaced() throws IOException {
    Files.writeString(directory.resolve("golden.img.partial"), "left over");
    try (PartialFile file = start(true)) {
      assertThat(file.path()).isEmptyFile();
    }
    assertThat(files()).containsExactly(target);
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Stream<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList().stream();
    }
  }
}
