package dev.slipway.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.linux.Scratch;
import dev.slipway.tree.Entry.WithMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LatestTimeTest {
  private static final Timestamp LATEST = new Timestamp(1_700_000_000, 0);

  @RegisterExtension final Scratch work = new Scratch();

  @Test
  void whatIsYoungerGetsTheTimeAndWhatIsOlderKeepsItsOwn() throws IOException {
    Path root = work.makeDirectory("root");
    Files.createDirectories(root.resolve("new/inner"));
    Files.writeString(root.resolve("new/file"), "new");
    Files.createSymbolicLink(root.resolve("new/link"), Path.of("../old"));
    Files.writeString(root.resolve("old"), "old");
    Files.createLink(root.resolve("older"), root.resolve("old"));
    Files.setLastModifiedTime(root.resolve("old"), FileTime.fromMillis(1_699_999_999_999L));
    Files.writeString(root.resolve("same"), "same");
    Files.setLastModifiedTime(root.resolve("same"), FileTime.fromMillis(1_700_000_000_001L));

    Manifest after = new LatestTime(LATEST).applyTo(root, scan(root));

    assertThat(after).as("it knows what it did").isEqualTo(scan(root));
    for (String path : new String[] {"", "new", "new/inner", "new/file", "new/link", "same"}) {
      assertThat(time(after, path)).as(path).isEqualTo(LATEST);
    }
    assertThat(time(after, "old")).isEqualTo(new Timestamp(1_699_999_999, 999_000_000));
  }

  private static Manifest scan(Path root) {
    try (EntryStream entries = TreeScanner.of(root)) {
      return Manifest.of(entries);
    }
  }

  private static Timestamp time(Manifest tree, String path) {
    return ((WithMetadata) tree.entry(TreePath.of(path)).orElseThrow()).metadata().modified();
  }
}
