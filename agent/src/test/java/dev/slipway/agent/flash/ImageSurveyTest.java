package dev.slipway.agent.flash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.image.Image;
import dev.slipway.image.ImageConfig;
import dev.slipway.image.Layer;
import dev.slipway.linux.Command;
import dev.slipway.tree.Digest;
import dev.slipway.tree.TarReader;
import dev.slipway.tree.TreeScanner;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an image of several layers comes to, before any of it is written. */
class ImageSurveyTest {
  private static final int KIB = 1024;

  @TempDir Path directory;
  private final List<Layer> layers = new ArrayList<>();

  private Path layer() throws IOException {
    Path tree = Files.createDirectory(directory.resolve("layer" + layers.size()));
    layers.add(() -> TreeScanner.of(tree));
    return tree;
  }

  private static void put(Path layer, String file, int kib) throws IOException {
    Path path = layer.resolve(file);
    Files.createDirectories(path.getParent());
    byte[] content = new byte[kib * KIB];
    Arrays.fill(content, (byte) 1);
    Files.write(path, content);
  }

  private ImageSurvey survey() {
    return ImageSurvey.of(new LayeredImage(layers));
  }

  @Test
  void aFileCountsOnceHoweverManyLayersHaveIt() throws IOException {
    put(layer(), "a/file", 100);
    put(layer(), "a/file", 30);
    assertThat(survey().leastSize()).isEqualTo(30 * KIB);
  }

  @Test
  void whatAWhiteoutHidesDoesNotCount() throws IOException {
    Path lower = layer();
    put(lower, "a/one/file", 100);
    put(lower, "a/two", 20);
    put(lower, "b/file", 40);
    Path upper = layer();
    put(upper, "a/.wh.one", 0);
    put(upper, "b/.wh..wh..opq", 0);
    assertThat(survey().leastSize()).isEqualTo(20 * KIB);
  }

  @Test
  void aFileInTheWayOfADirectoryTakesAllOfItAway() throws IOException {
    put(layer(), "a/one/file", 100);
    put(layer(), "a", 8);
    assertThat(survey().leastSize()).isEqualTo(8 * KIB);
  }

  @Test
  void bootFilesAreFoundInWhateverLayerTheyAre() throws IOException {
    put(layer(), "boot/slipway/initrd", 1);
    assertThat(survey().missingBootFile()).contains("/boot/slipway/vmlinuz");
    put(layer(), "boot/slipway/vmlinuz", 1);
    assertThat(survey().missingBootFile()).isEmpty();
    put(layer(), "boot/.wh.slipway", 0);
    assertThat(survey().missingBootFile()).isPresent();
  }

  @Test
  void whatAWhiteoutHidesThroughALinkDoesNotCount() throws IOException {
    Path lower = layer();
    put(lower, "usr/lib/one", 100);
    put(lower, "usr/lib/two", 20);
    Files.createSymbolicLink(lower.resolve("lib"), Path.of("usr/lib"));
    Path upper = Files.createDirectory(directory.resolve("upper"));
    put(upper, "lib/.wh.one", 0);
    // As layers are: without an entry for the directory, which would take the link's place.
    Command.of("tar", "-cf", "../upper.tar", "lib/.wh.one").directory(upper).run();
    byte[] tar = Files.readAllBytes(directory.resolve("upper.tar"));
    layers.add(() -> new TarReader(new ByteArrayInputStream(tar)));
    assertThat(survey().leastSize()).isEqualTo(20 * KIB);
  }

  @Test
  void bootFilesAreFoundBehindALink() throws IOException {
    Path tree = layer();
    put(tree, "usr/boot/slipway/vmlinuz", 1);
    Files.createSymbolicLink(tree.resolve("boot"), Path.of("usr/boot"));
    assertThat(survey().missingBootFile()).contains("/boot/slipway/initrd");
    put(layer(), "usr/boot/slipway/initrd", 1);
    assertThat(survey().missingBootFile()).isEmpty();
  }

  private record LayeredImage(List<Layer> layers) implements Image {
    @Override
    public String reference() {
      return "test";
    }

    @Override
    public Digest digest() {
      return Digest.of(new byte[0]);
    }

    @Override
    public ImageConfig config() {
      return ImageConfig.NONE;
    }

    @Override
    public void close() {}
  }
}
