package dev.slipway.controller.goldendisk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.image.LocalImages;
import dev.slipway.linux.OperatorError;
import dev.slipway.tree.Entry;
import dev.slipway.tree.EntryStream;
import dev.slipway.tree.TarReader;
import dev.slipway.tree.TreeScanner;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CancellationTest {
  @TempDir private Path tree;

  @Test
  void readingEndsWithinAFileToo() throws Exception {
    Files.write(tree.resolve("large"), new byte[1000]);
    try (Cancellation cancellation =
            Cancellation.onSignals(new PrintWriter(new StringWriter(), true));
        EntryStream entries = cancellation.guard(TreeScanner.of(tree))) {
      Entry entry = entries.next().orElseThrow();
      while (!(entry instanceof Entry.RegularFile)) {
        entry = entries.next().orElseThrow();
      }
      InputStream content = entries.content();
      assertThat(content.readNBytes(10)).hasSize(10);

      cancellation.cancel();

      assertThatThrownBy(() -> content.readNBytes(10))
          .isInstanceOf(OperatorError.class)
          .hasMessage("The build was stopped.");
    }
  }

  @Test
  void readingEndsThoughNothingComes() throws Exception {
    try (Cancellation cancellation =
            Cancellation.onSignals(new PrintWriter(new StringWriter(), true));
        PipedOutputStream silent = new PipedOutputStream();
        PipedInputStream pipe = new PipedInputStream(silent);
        EntryStream entries = cancellation.guard(new TarReader(pipe))) {
      stopsOnceItWaits(cancellation, entries::next);
    }
  }

  @Test
  void openingAnImageEndsThoughNothingComes() throws Exception {
    try (Cancellation cancellation =
            Cancellation.onSignals(new PrintWriter(new StringWriter(), true));
        PipedOutputStream silent = new PipedOutputStream();
        PipedInputStream pipe = new PipedInputStream(silent)) {
      stopsOnceItWaits(
          cancellation, () -> cancellation.guard(() -> LocalImages.open("rootfs:" + read(pipe))));
    }
  }

  private static String read(InputStream in) {
    try {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void stopsOnceItWaits(
      Cancellation cancellation, ThrowableAssert.ThrowingCallable reading) {
    Thread reader = Thread.currentThread();
    Thread stopping =
        new Thread(
            () -> {
              while (reader.getState() == Thread.State.RUNNABLE) {
                Thread.onSpinWait();
              }
              cancellation.cancel();
            });
    stopping.start();
    assertThatThrownBy(reading)
        .isInstanceOf(OperatorError.class)
        .hasMessage("The build was stopped.");
    assertThat(Thread.currentThread().isInterrupted())
        .as("what cleans up is not interrupted")
        .isFalse();
  }
}
