package dev.slipway.controller.source.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.image.Image;
import dev.slipway.image.LayerStack;
import dev.slipway.linux.OperatorError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real Podman in the place of a Docker Engine. */
class PodmanTest {
  @TempDir private static Path directory;
  @TempDir private static Path podmanDirectory;
  private static TestEngine podman;

  @TempDir private Path work;

  @BeforeAll
  static void podmanWithAnImage() throws Exception {
    podman = new PrivatePodman(podmanDirectory);
    SmallImage.importInto(podman, directory);
  }

  @AfterAll
  static void stop() throws Exception {
    podman.close();
  }

  private DockerEngine engine() {
    return DockerEngine.at(podman.host(), new WorkSpace(work));
  }

  @Test
  void anImageArrivesWithItsConfigurationAndCapabilities() throws Exception {
    Path target = Files.createDirectory(directory.resolve("unpacked"));
    try (Image image = engine().open(SmallImage.NAME)) {
      SmallImage.requireWhole(image, target);
    }
    assertThat(work).isEmptyDirectory();
  }

  @Test
  void anImageThatItDoesNotHaveIsNamed() {
    assertThatThrownBy(() -> engine().open("nothere:3"))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("has no image nothere:3");
  }

  @Test
  void itBuildsADockerfileToo() throws Exception {
    Path context = Files.createDirectory(directory.resolve("context"));
    Files.writeString(context.resolve("copied"), "c");
    Files.writeString(context.resolve("left-out"), "");
    Files.writeString(context.resolve(".dockerignore"), "left-out\n");
    Files.writeString(
        context.resolve("Dockerfile"),
        "FROM scratch AS wanted\nARG WHO\nCOPY . /\nLABEL who=$WHO\nFROM scratch\nCOPY copied /other\n");
    Path target = Files.createDirectory(directory.resolve("built"));
    List<String> progress = new ArrayList<>();
    try (Image image =
        engine()
            .build(
                context,
                new BuildOptions(Map.of("WHO", "me"), Optional.of("wanted"), Optional.empty()),
                progress::add)) {
      assertThat(image.config().labels()).containsEntry("who", "me");
      LayerStack.unpack(image, target);
    }
    assertThat(target.resolve("copied")).hasContent("c");
    assertThat(target.resolve("left-out")).doesNotExist();
    assertThat(progress).anyMatch(line -> line.contains("COPY . /"));

    Files.writeString(context.resolve("Dockerfile"), "FROM scratch\nCOPY absent /\n");
    assertThatThrownBy(() -> engine().build(context, BuildOptions.NONE, progress::add).close())
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("dockerfile:" + context + " cannot be built")
        .hasMessageContaining("absent");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "COPY --link Dockerfile /",
        "ADD --checksum=sha256:00 http://localhost/ /",
        "RUN <<EOF\necho here\nEOF",
        "COPY <<EOF /file\nhere\nEOF",
      })
  void whatNeedsBuildKitIsRefusedWithTheWayToBuildWithIt(String instructions) throws Exception {
    Path context = Files.createDirectory(work.resolve("context"));
    Files.copy(Path.of("/bin/busybox"), context.resolve("busybox"));
    Files.writeString(
        context.resolve("Dockerfile"),
        "FROM scratch\nCOPY busybox /bin/sh\n" + instructions + "\n");
    assertThatThrownBy(() -> engine().build(context, BuildOptions.NONE, line -> {}).close())
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("DOCKER_BUILDKIT=1 docker build -t NAME '" + context + "'");
  }
}
