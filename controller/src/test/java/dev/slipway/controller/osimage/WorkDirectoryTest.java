package dev.slipway.controller.osimage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class WorkDirectoryTest {
  @TempDir Path parent;

  @Test
  void isGoneWithEverythingInItWhenClosed() throws IOException {
    try (WorkDirectory work = WorkDirectory.in(parent.resolve("made/too"), "slipway-image-")) {
      Files.createDirectories(work.path().resolve("usr/bin"));
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(work.path())))
          .isEqualTo("rwx------");
    }
    assertThat(parent.resolve("made/too")).isEmptyDirectory();
  }

  @Test
  @Timeout(60)
  void whatAKilledProcessLeftGoesWhenTheNextIsMade() throws Exception {
    Process killed =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Sleeper.class.getName(),
                parent.toString())
            .inheritIO()
            .start();
    try {
      while (Files.notExists(parent.resolve("made"))) {
        assertThat(killed.isAlive()).isTrue();
        Thread.sleep(20);
      }
      try (WorkDirectory ignored = WorkDirectory.in(parent, "slipway-image-")) {
        assertThat(left()).as("both are in use").isEqualTo(2);
      }
    } finally {
      killed.destroyForcibly();
    }
    assertThat(killed.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(left()).isOne();

    try (WorkDirectory ignored = WorkDirectory.in(parent, "slipway-release-")) {
      assertThat(left()).as("another kind's").isEqualTo(2);
    }
    WorkDirectory.in(parent, "slipway-image-").close();
    assertThat(left()).isZero();
  }

  @Test
  @Timeout(120)
  void manyAtATimeDoNotMeet() {
    assertThat(
            IntStream.range(0, 200)
                .parallel()
                .filter(
                    i -> {
                      try (WorkDirectory work = WorkDirectory.in(parent, "slipway-image-")) {
                        return Files.isDirectory(work.path());
                      }
                    })
                .count())
        .isEqualTo(200);
    assertThat(parent).isEmptyDirectory();
  }

  @Test
  void onesOfOthersAndFilesAreLeftAlone() throws IOException {
    Path elsewhere = Files.createDirectory(parent.resolve("elsewhere"));
    Path link = Files.createSymbolicLink(parent.resolve("slipway-image-link"), elsewhere);
    Path file = Files.writeString(parent.resolve("slipway-image-file"), "");
    Path other = Files.createDirectory(parent.resolve("slipway-image-other"));
    Files.setAttribute(other, "unix:uid", 65534);

    WorkDirectory.in(parent, "slipway-image-").close();

    assertThat(link).isDirectory();
    assertThat(file).exists();
    assertThat(other).exists();
  }

  @Test
  void thereIsNoWorkingInAFile() throws IOException {
    Path file = Files.writeString(parent.resolve("file"), "");
    assertThatThrownBy(() -> WorkDirectory.in(file, "slipway-image-"))
        .isInstanceOf(OperatorError.class)
        .hasMessageStartingWith("There is no working in " + file);
  }

  private long left() throws IOException {
    try (var entries = Files.newDirectoryStream(parent, "slipway-*")) {
      long count = 0;
      for (Path ignored : entries) {
        count++;
      }
      return count;
    }
  }

  /** Makes one and waits to be killed. */
  static final class Sleeper {
    private Sleeper() {}

    public static void main(String[] arguments) throws Exception {
      Path parent = Path.of(arguments[0]);
      WorkDirectory work = WorkDirectory.in(parent, "slipway-image-");
      Files.writeString(work.path().resolve("part"), "half");
      Files.createFile(parent.resolve("made"));
      Thread.sleep(60_000);
    }
  }
}
