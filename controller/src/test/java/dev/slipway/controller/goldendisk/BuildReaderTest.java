package dev.slipway.controller.goldendisk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.controller.source.ImageReference;
import dev.slipway.controller.source.engine.BuildOptions;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BuildReaderTest {
  @TempDir private Path directory;

  private ImageReference read(String ofSlot) throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("disk.yml"),
            "slots:\n  - {name: a, size: 1GiB, %s}\n".formatted(ofSlot));
    return DiskDescription.read(file).slots().get(0).content().orElseThrow().image();
  }

  @Test
  void aDockerfilesDirectoryCountsFromTheDescriptionAndItsBuildIsSaidBesideIt() throws IOException {
    ImageReference image =
        read(
            "image: \"dockerfile:./db\", build: {args: {A: b, C: \"1\"}, target: x, dockerfile:"
                + " d/F}");
    assertThat(image).hasToString("dockerfile:" + directory.resolve("db"));
    assertThat(image.build())
        .isEqualTo(
            new BuildOptions(Map.of("A", "b", "C", "1"), Optional.of("x"), Optional.of("d/F")));
    assertThat(read("image: \"dockerfile:./db\"").build()).isEqualTo(BuildOptions.NONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "'image: \"os:1\", build: {target: x}' ! is not built from a Dockerfile",
        "'image: \"dockerfile:d\", build: {tagret: x}' ! unknown key 'slots[0].build.tagret'",
        "'image: \"dockerfile:d\", build: {args: [A]}' ! must be a mapping of names to texts",
        "'image: \"dockerfile:d\", build: {args: {A: 1}}' ! 'slots[0].build.args.A' must be a text",
        "'image: \"dockerfile:d\", build: {args: {A: b, A: c}}' ! 'slots[0].build.args.A' is there twice",
        "'build: {target: x}' ! 'slots[0].build' says something about an image",
      })
  void aMistakeIsNamedByItsLine(String slot, String saying) {
    assertThatThrownBy(() -> read(slot))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("disk.yml, line 2: ")
        .hasMessageContaining(saying);
  }
}
