package dev.slipway.controller.goldendisk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.linux.OperatorError;
import dev.slipway.tree.Entry;
import dev.slipway.tree.EntryStream;
import dev.slipway.tree.TreeScanner;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
}
