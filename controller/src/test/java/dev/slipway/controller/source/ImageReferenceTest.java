package dev.slipway.controller.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.controller.source.engine.BuildOptions;
import dev.slipway.linux.OperatorError;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReferenceTest {
  @ParameterizedTest
  @CsvSource({
    "os12, docker-daemon:os12:latest",
    "os12:v1, docker-daemon:os12:v1",
    "registry.example.org:5000/team/os:1, docker-daemon:registry.example.org:5000/team/os:1",
    "registry.example.org:5000/team/os, docker-daemon:registry.example.org:5000/team/os:latest",
    "docker-daemon:os12, docker-daemon:os12:latest",
    "docker-archive:/tmp/os.tar:os:1, docker-archive:/tmp/os.tar:os:1",
    "oci:build/layout:v2, oci:build/layout:v2",
    "oci-archive:os.oci.tar, oci-archive:os.oci.tar",
    "rootfs:build/debian13.tar, rootfs:build/debian13.tar",
    "dockerfile:./db, dockerfile:./db",
  })
  void aReferenceMeansWhatItMeansToDockerAndSkopeo(String written, String meant) {
    ImageReference reference = ImageReference.parse(written);
    assertThat(reference.toString()).isEqualTo(meant);
    assertThat(ImageReference.parse(meant)).isEqualTo(reference);
  }

  @Test
  void onlyWhatIsBuiltTakesOptionsOfABuild() {
    BuildOptions options =
        new BuildOptions(Map.of("A", "b"), Optional.of("stage"), Optional.empty());
    ImageReference built = ImageReference.parse("dockerfile:db").built(options);
    assertThat(built.build()).isEqualTo(options);
    assertThat(built.from(Path.of("/srv"))).hasToString("dockerfile:/srv/db");
    assertThat(built.from(Path.of("/srv")).build()).isEqualTo(options);
    ImageReference other = ImageReference.parse("os12:1");
    assertThat(other.built(BuildOptions.NONE)).isEqualTo(other);
    assertThatThrownBy(() -> other.built(options))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("docker-daemon:os12:1 is not built from a Dockerfile")
        .hasMessageContaining("dockerfile:DIRECTORY");
  }

  @Test
  void anImageCanBeNamedByDigestOrId() {
    String digest = "sha256:" + "0a".repeat(32);
    assertThat(ImageReference.parse("os@" + digest).location()).isEqualTo("os@" + digest);
    assertThat(ImageReference.parse(digest).location()).isEqualTo(digest);
  }

  @ParameterizedTest
  @CsvSource({
    "docker:debian:12, write docker://debian:12",
    "docker://Debian, no name of an image in a registry",
    "containers-storage:x, skopeo copy",
    "oci:, Nothing stands after the colon",
    "Upper Case, is no image reference",
    "os12:, is no image reference",
    "../os, is no image reference",
  })
  void whatIsNotDoneIsRefusedWithAWayToDoIt(String written, String hint) {
    assertThatThrownBy(() -> ImageReference.parse(written))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining(hint);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ":", "::", "@", "a:b:c"})
  void nonsenseIsRefused(String written) {
    assertThatThrownBy(() -> ImageReference.parse(written)).isInstanceOf(OperatorError.class);
  }
}
