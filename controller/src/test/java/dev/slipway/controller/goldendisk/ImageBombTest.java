package dev.slipway.controller.goldendisk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.tree.ByteString;
import dev.slipway.tree.Entry;
import dev.slipway.tree.EntryStream;
import dev.slipway.tree.Metadata;
import dev.slipway.tree.TarWriter;
import dev.slipway.tree.Timestamp;
import dev.slipway.tree.TreePath;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Small files that unfold to more than there is memory for. */
class ImageBombTest {
  private static final Metadata ANY = Metadata.of(0755, 0, 0, Timestamp.EPOCH);

  @RegisterExtension final BuildSite site = new BuildSite();
  private final Path directory = site.directory();
  private final TestBuild builds = site.builds();

  @Test
  @Timeout(180)
  void linksThatTakeMoreThanTheMemoryEndTheBuildInASentence() throws Exception {
    assertToldOf(40_000, 128);
  }

  @Test
  @Tag("campaign")
  void soDoThoseThatTakeMoreThanABuildOfSeveralGigabytesNeeds() throws Exception {
    assertToldOf(160_000, 512);
  }

  private void assertToldOf(int links, int mebibytes) throws Exception {
    Path bomb = directory.resolve("bomb.tar.gz");
    linksWithLongTargets(bomb, links);
    assertThat(Files.size(bomb)).isLessThan(10 << 20);
    Path disk = builds.description(TestBuild.oneSlot("rootfs:" + bomb, "1GiB"));

    Process build =
        new ProcessBuilder(BuildCommand.words(disk, builds.output(), "-Xmx" + mebibytes + "m"))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    String said = new String(build.getErrorStream().readAllBytes(), UTF_8);

    assertThat(build.waitFor()).as(said).isEqualTo(1);
    assertThat(said)
        .endsWith(
            ("controller: This took more memory than the %d MiB that there are for it (Java heap"
                    + " space), as images with very many files do. Give it more in its"
                    + " environment, such as JAVA_TOOL_OPTIONS=-Xmx%dm.\n")
                .formatted(mebibytes, 2 * mebibytes))
        .doesNotContain("\tat ");
    assertThat(builds.output()).doesNotExist();
  }

  private static void linksWithLongTargets(Path file, int links) throws IOException {
    try (OutputStream packed = Files.newOutputStream(file);
        OutputStream tar = new GZIPOutputStream(packed, 1 << 16);
        Links entries = new Links(links)) {
      TarWriter.write(entries, tar);
    }
  }

  private static final class Links implements EntryStream {
    private static final ByteString TARGET = ByteString.of("long/".repeat(800));
    private int left;

    Links(int links) {
      this.left = links;
    }

    @Override
    public Optional<Entry> next() {
      return left-- > 0
          ? Optional.of(new Entry.Symlink(TreePath.of("links/" + left), ANY, TARGET))
          : Optional.empty();
    }

    @Override
    public InputStream content() {
      return InputStream.nullInputStream();
    }

    @Override
    public long allocated() {
      return 0;
    }

    @Override
    public void close() {}
  }
}
