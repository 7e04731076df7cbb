package dev.slipway.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.slipway.linux.Mount;
import dev.slipway.linux.Scratch;
import dev.slipway.tree.Digest;
import dev.slipway.tree.Manifest;
import dev.slipway.tree.TarBytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SpooledImageTest {
  /** Large enough to be compressed, and easy to. */
  private static final byte[] LOWER =
      new TarBytes().file("lower", "a line of text\n".repeat(400_000)).file("gone", "").bytes();

  /** Large, too, and not to be compressed any further. */
  private static final byte[] UPPER =
      new TarBytes().file("noise", noise(5 << 20)).file(".wh.gone", "").bytes();

  @RegisterExtension final Scratch work = new Scratch();

  private static byte[] noise(int size) {
    byte[] noise = new byte[size];
    new Random(8).nextBytes(noise);
    return noise;
  }

  /** Layers before what says their order, in another order, one linked and one compressed. */
  private static byte[] archive() {
    byte[] config = ImageFixture.config("amd64", List.of(LOWER, UPPER, LOWER, UPPER));
    return new TarBytes()
        .file("aa/layer.tar", Zstd.compress(UPPER))
        .file("bb/layer.tar", LOWER)
        .link("cc/layer.tar", "../bb/layer.tar")
        .hardLink("dd/layer.tar", "aa/layer.tar")
        .file("config.json", config)
        .file(
            "manifest.json",
            "[{\"Config\":\"config.json\",\"RepoTags\":null,\"Layers\":[\"bb/layer.tar\","
                + "\"aa/layer.tar\",\"cc/layer.tar\",\"dd/layer.tar\"]}]")
        .bytes();
  }

  private Image open(Path directory) throws IOException {
    return SpooledImage.of("docker-daemon:os:1", new ByteArrayInputStream(archive()), directory);
  }

  private Manifest unpack(Image image) throws IOException {
    return LayerStack.unpack(image, Files.createTempDirectory(work.directory(), "root"));
  }

  @Test
  void anImageThatCameAsAStreamIsTheOneInTheArchive() throws IOException {
    Path file = Files.write(work.resolve("saved.tar"), archive());
    try (Image stored = LocalImages.open("docker-archive:" + file);
        Image spooled = open(work.directory())) {
      assertThat(spooled.reference()).isEqualTo("docker-daemon:os:1");
      assertThat(spooled.digest()).isEqualTo(stored.digest());
      assertThat(spooled.config()).isEqualTo(stored.config());
      Manifest expected = unpack(stored);
      assertThat(expected.entries()).hasSize(3);
      assertThat(unpack(spooled)).isEqualTo(expected);
      assertThat(unpack(spooled)).as("a second time").isEqualTo(expected);
    }
  }

  @Test
  void noFileIsLeftEvenIfNobodyCanRemoveIt() throws IOException {
    Path directory = work.makeDirectory("spool");
    try (Image image = open(directory)) {
      assertThat(image.layers()).hasSize(4);
      assertThat(directory).as("what a killed process would leave").isEmptyDirectory();
    }
  }

  @Test
  void layersTakeLessRoomThanTheyHave() throws IOException {
    Path directory = work.makeDirectory("small");
    int bytes = archive().length;
    assertThat(bytes).isGreaterThan(11_000_000);
    // Room for the noise and a little more, but not for the text.
    try (Mount small = Mount.of(Path.of("tmpfs"), directory, "tmpfs", Set.of(), "size=6500k");
        Image image = open(small.target())) {
      assertThat(image.digest())
          .isEqualTo(Digest.of(ImageFixture.config("amd64", List.of(LOWER, UPPER, LOWER, UPPER))));
    }
  }

  @Test
  void aFullPlaceIsAnErrorThatLeavesNothingThere() throws IOException {
    Path directory = work.makeDirectory("full");
    try (Mount full = Mount.of(Path.of("tmpfs"), directory, "tmpfs", Set.of(), "size=1m")) {
      assertThatThrownBy(() -> open(full.target()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("No space left");
      assertThat(full.target()).isEmptyDirectory();
    }
  }
}
