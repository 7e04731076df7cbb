package dev.slipway.controller.osimage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.image.Image;
import dev.slipway.image.ImageConfig;
import dev.slipway.image.Layer;
import dev.slipway.image.LocalImages;
import dev.slipway.json.JsonObject;
import dev.slipway.tree.Digest;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An image that relies on what a container of it runs. */
class EntrypointTest {
  @TempDir private Path directory;
  private TestTree tree;

  @BeforeEach
  void emptyTree() {
    tree = new TestTree(directory);
  }

  private static ImageConfig config(List<String> entrypoint, List<String> command) {
    return ImageConfig.parse(
        JsonObject.EMPTY
            .with("architecture", "amd64")
            .with("os", "linux")
            .with(
                "config",
                JsonObject.EMPTY
                    .withStrings("Entrypoint", entrypoint)
                    .withStrings("Cmd", command)));
  }

  private List<String> notes(List<String> entrypoint, List<String> command) {
    return tree.apply(new Entrypoint(config(entrypoint, command))).notes();
  }

  @Test
  void whatAContainerRunsAndASlotDoesNotIsTold() {
    tree.systemd();
    assertThat(notes(List.of("/docker-entrypoint.sh"), List.of("nginx", "-g", "daemon off;")))
        .singleElement()
        .asString()
        .contains("'docker-entrypoint.sh'", "enable a unit for it");
  }

  @Test
  void underOpenRcItTakesAService() {
    tree.file("/sbin/openrc", "");
    assertThat(notes(List.of(), List.of("/bin/sh", "-c", "httpd")))
        .singleElement()
        .asString()
        .contains("'sh'", "to a runlevel");
  }

  @Test
  void whatTheProgramIsGivenIsNotTold() {
    tree.systemd();
    assertThat(notes(List.of("redis-server"), List.of("--requirepass", "hunter2")))
        .singleElement()
        .asString()
        .contains("'redis-server'")
        .doesNotContain("hunter2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "/sbin/init", "/lib/systemd/systemd", "init single", "bash", "/bin/sh -l"})
  void anInitOrAShellIsNoService(String command) {
    List<String> words = command.isEmpty() ? List.of() : List.of(command.split(" ", -1));
    assertThat(notes(List.of(), words)).isEmpty();
    assertThat(notes(words, List.of())).isEmpty();
  }

  @Test
  void itIsAmongTheFindingsOfTheImage() {
    try (Image image = new Serving(LocalImages.open("rootfs:" + directory))) {
      assertThat(Checkup.of(directory, image, options()))
          .filteredOn(found -> found.check().equals("entrypoint"))
          .singleElement()
          .satisfies(found -> assertThat(found.kind()).isEqualTo(Finding.Kind.NOTE))
          .satisfies(found -> assertThat(found.text()).contains("'serve'"));
    }
  }

  private static PreparationOptions options() {
    return new PreparationOptions(
        InitrdSource.MAKE,
        KernelChoice.NEWEST,
        Set.of("ext4"),
        Optional.empty(),
        Path.of("../dracut"),
        CheckChoice.MEND_ALL);
  }

  /** An image whose configuration says what to run. */
  private record Serving(Image image) implements Image {
    @Override
    public String reference() {
      return image.reference();
    }

    @Override
    public Digest digest() {
      return image.digest();
    }

    @Override
    public ImageConfig config() {
      return EntrypointTest.config(List.of("serve"), List.of());
    }

    @Override
    public List<Layer> layers() {
      return image.layers();
    }

    @Override
    public void close() {
      image.close();
    }
  }
}
