package dev.slipway.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.linux.Scratch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Manifests of a tree that changes. */
class ManifestTest {
  private static final FileTime LONG_AGO = FileTime.fromMillis(1_600_000_000_000L);

  @RegisterExtension final Scratch work = new Scratch();
  private final List<String> read = new ArrayList<>();
  private Path root;

  @BeforeEach
  void aTree() throws IOException {
    root = work.makeDirectory("root");
    for (String name : new String[] {"kept", "edited", "removed", "own/file"}) {
      Files.createDirectories(root.resolve(name).getParent());
      Files.writeString(root.resolve(name), "what " + name + " held");
      Files.setLastModifiedTime(root.resolve(name), LONG_AGO);
    }
  }

  @Test
  void ofATreeThatHasChangedOnlyWhatIsDifferentIsRead() throws IOException {
    Manifest earlier = scan();
    read.clear();
    Files.writeString(root.resolve("edited"), "what edited HELD");
    Files.delete(root.resolve("removed"));
    Files.writeString(root.resolve("added"), "new");

    Manifest now = scanAfter(earlier);

    assertThat(read).containsExactlyInAnyOrder("added", "edited");
    assertThat(now).isEqualTo(scan());
  }

  @Test
  void whatIsLeftOutOfTheEarlierManifestIsReadAnew() throws IOException {
    Manifest earlier = scan().without(TreePath.of("own"));
    read.clear();
    Files.writeString(root.resolve("own/file"), "WHAT own/file held");
    Files.setLastModifiedTime(root.resolve("own/file"), LONG_AGO);

    Manifest now = scanAfter(earlier);

    assertThat(read).containsExactly("own/file");
    assertThat(now).isEqualTo(scan());
  }

  private Manifest scan() {
    try (EntryStream entries = new Watched(TreeScanner.of(root))) {
      return Manifest.of(entries);
    }
  }

  private Manifest scanAfter(Manifest earlier) {
    try (EntryStream entries = new Watched(TreeScanner.of(root))) {
      return Manifest.of(entries, earlier);
    }
  }

  /** Notes whose content is asked for. */
  private final class Watched implements EntryStream {
    private final EntryStream entries;
    private String current = "";

    Watched(EntryStream entries) {
      this.entries = entries;
    }

    @Override
    public Optional<Entry> next() {
      Optional<Entry> next = entries.next();
      next.ifPresent(entry -> current = entry.path().toString());
      return next;
    }

    @Override
    public InputStream content() {
      read.add(current);
      return entries.content();
    }

    @Override
    public long allocated() {
      return entries.allocated();
    }

    @Override
    public void close() {
      entries.close();
    }
  }
}
