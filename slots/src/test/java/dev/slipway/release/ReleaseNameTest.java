package dev.slipway.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.linux.OperatorError;
import dev.slipway.tree.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReleaseNameTest {
  @ParameterizedTest
  @ValueSource(strings = {"web:2", "a.b_c--d:v1.0-rc1", "web__x:_2", "0:0"})
  void isReadAsItIsWritten(String text) {
    assertThat(ReleaseName.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "web", ":2", "web:", "Web:2", "we/b:2", "web:-2", "web:.2", "web:a b", "-web:2", "web:1:2",
        "../x:1", "web:é"
      })
  void refusesWhatARegistryCannotAddress(String text) {
    assertThatThrownBy(() -> ReleaseName.parse(text)).isInstanceOf(OperatorError.class);
  }

  @Test
  void descriptionSurvivesItsAnnotations() {
    ReleaseDescription description =
        new ReleaseDescription(
            ReleaseName.parse("web:2"),
            Digest.of("tree".getBytes(StandardCharsets.UTF_8)),
            "6.1.0-50-amd64");
    assertThat(ReleaseDescription.from(description.annotations())).contains(description);
  }

  @Test
  void imageWithoutTheAnnotationsIsNoRelease() {
    assertThat(ReleaseDescription.from(Map.of("org.opencontainers.image.title", "web"))).isEmpty();
  }

  @Test
  void halfADescriptionIsRefusedWithWhatIsMissing() {
    Map<String, String> annotations =
        new TreeMap<>(
            new ReleaseDescription(
                    ReleaseName.parse("web:2"), Digest.of(new byte[0]), "6.1.0-50-amd64")
                .annotations());
    annotations.remove(ReleaseDescription.TREE);
    assertThatThrownBy(() -> ReleaseDescription.from(annotations))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("dev.slipway.tree.manifest");
  }
}
