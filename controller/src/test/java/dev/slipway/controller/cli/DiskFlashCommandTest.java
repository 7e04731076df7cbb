package dev.slipway.controller.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.controller.goldendisk.DiskInspection;
import dev.slipway.controller.goldendisk.TinyImage;
import dev.slipway.controller.targetdisk.TargetDisk;
import dev.slipway.linux.Command;
import dev.slipway.linux.LoopDevice;
import dev.slipway.linux.OperatorError;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command with a real block device: who may erase it, and that nobody else does. */
class DiskFlashCommandTest {
  private static final Path CHECKOUT = Path.of("").toAbsolutePath().getParent();
  private static final long SIZE = 300 << 20;

  @TempDir Path directory;
  private Path file;
  private Path description;
  private LoopDevice disk;

  @BeforeEach
  void attach() throws IOException {
    file = directory.resolve("disk");
    try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "rw")) {
      image.setLength(SIZE);
      image.writeUTF("somebody's data");
    }
    disk = LoopDevice.attach(file, 0, SIZE);
    TinyImage image = TinyImage.in(directory.resolve("image"), 1);
    describe(image, "64MiB");
  }

  private void describe(TinyImage image, String size) throws IOException {
    description =
        Files.writeString(
            directory.resolve("disk.yml"),
            """
            slots: [{name: slot1, image: '%s', size: %s, initrd: keep, agent: false}]
            data: {size: 32MiB}
            """
                .formatted(image.reference(), size));
  }

  @AfterEach
  void detach() {
    disk.close();
  }

  /** The command, in a process of its own and without a terminal. */
  private Process start(String... options) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                // A process group of its own, in which SIGINT is not ignored.
                "setsid",
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dslipway.home=" + CHECKOUT,
                "-Dslipway.bundle=" + CHECKOUT,
                "-cp",
                System.getProperty("java.class.path"),
                "dev.slipway.controller.cli.Main",
                "disk",
                "flash",
                description.toString(),
                disk.path().toString()));
    Stream.of(options).forEach(command::add);
    return new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
  }

  private String said(Process process, int exit) throws Exception {
    process.getOutputStream().close();
    String said;
    try (BufferedReader lines = process.errorReader()) {
      said = String.join("\n", lines.lines().toList());
    }
    assertThat(process.waitFor()).as(said).isEqualTo(exit);
    return said;
  }

  private void assertThatTheDiskIsAsItWas() throws IOException {
    try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "r")) {
      assertThat(image.readUTF()).isEqualTo("somebody's data");
    }
  }

  @Test
  @Timeout(120)
  void aScriptNamesTheDiskItErases() throws Exception {
    assertThat(said(start(), 3))
        .startsWith(disk.path() + ": 300 MiB, backing file " + file + "\n  no partition table")
        .contains("Nobody is here to be asked")
        .endsWith("give --yes-erase with its backing file, " + file + ".");
    assertThatTheDiskIsAsItWas();

    assertThat(said(start("--yes-erase", "another"), 3))
        .endsWith(
            disk.path() + " is not erased: its backing file is " + file + ", not \"another\".");
    assertThatTheDiskIsAsItWas();

    assertThat(said(start("--yes-erase", file.toString()), 0))
        .endsWith("is ready (a disk of 300 MiB).");
    assertThat(DiskInspection.of(disk.path()).nextBoot().slot()).contains("slot1");
  }

  @Test
  void aPersonTypesWhichDiskItIs() throws IOException {
    List<String> questions = new ArrayList<>();
    try (TargetDisk target = TargetDisk.claim(disk.path())) {
      new Erasure(
              Optional.empty(),
              question -> {
                questions.add(question);
                return Optional.of(file + " ");
              })
          .require(target);
      OperatorError refusal =
          catchThrowableOfType(
              OperatorError.class,
              () -> new Erasure(Optional.empty(), question -> Optional.of("yes")).require(target));

      assertThat(questions)
          .containsExactly(
              "Everything on "
                  + disk.path()
                  + " will be gone. To go on, type its backing file ("
                  + file
                  + "): ");
      assertThat(refusal.exitCode()).isEqualTo(3);
      assertThat(refusal).hasMessageContaining("not \"yes\"");
    }
    assertThatTheDiskIsAsItWas();
  }

  @ParameterizedTest
  @CsvSource({"TERM, 15", "INT, 2"})
  @Timeout(120)
  void aSignalLeavesADiskThatDoesNotBootAndSaysSo(String signal, int number) throws Exception {
    TinyImage image = TinyImage.in(directory.resolve("large"), 2);
    for (int i = 0; i < 9; i++) {
      image.with("large/" + i, 10 << 20);
    }
    describe(image, "190MiB");
    Process flash = start("--yes-erase", file.toString());
    StringBuilder said = new StringBuilder();
    try (BufferedReader lines = flash.errorReader()) {
      String line = "";
      while (!line.startsWith("slot1: unpack")) {
        line = lines.readLine();
        assertThat(line).as("the next line after\n" + said).isNotNull();
        said.append(line).append('\n');
      }
      // As Ctrl-C does: to every program that runs for it.
      Command.of("kill", "-" + signal, "--", "-" + flash.pid()).run();
      lines.lines().forEach(next -> said.append(next).append('\n'));
    }

    assertThat(flash.waitFor()).isEqualTo(128 + number);
    assertThat(said)
        .containsSubsequence(
            disk.path() + " holds nothing that boots now; flash it again.\n",
            "Stopped; what became of " + disk.path() + " is said above.\n")
        .doesNotContain("is ready", "nothing is left behind");
    TargetDisk.claim(disk.path()).close();
  }
}
