package dev.slipway.controller.source.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.linux.OperatorError;
import dev.slipway.tree.Entry;
import dev.slipway.tree.EntryStream;
import dev.slipway.tree.TarReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** DockerfileBuildTest holds it to the docker command itself, too. */
class IgnoredPathsTest {
  private static final Path DOCKERFILE = Path.of("Dockerfile");

  @TempDir private Path directory;

  private IgnoredPaths ignored(String text) throws IOException {
    Files.writeString(directory.resolve(".dockerignore"), text);
    return IgnoredPaths.in(directory, DOCKERFILE);
  }

  @ParameterizedTest
  @CsvSource({
    "a, a, true",
    "a, a/b/c, true",
    "a, b/a, false",
    "/a, a, true",
    "./a/, a, true",
    "a/../b, b, true",
    "*, a/b, true",
    "*.log, x.log, true",
    "*.log, a/x.log, false",
    "*/*.log, a/x.log, true",
    "**/*.log, a/b/x.log, true",
    "**/*.log, x.log, true",
    "a/**, a/b/c, true",
    "a/**, a, false",
    "**, a/b, true",
    "a?c, abc, true",
    "a?c, a/c, false",
    "[ab]c, bc, true",
    "[^ab]c, bc, false",
    "[a-c]d, bd, true",
    "a.c, abc, false",
    "a+(b), a+(b), true",
    "a\\*, a*, true",
    "a\\*, ab, false",
  })
  void aPatternMeansWhatItMeansToTheDockerCommand(String pattern, String path, boolean left)
      throws IOException {
    assertThat(ignored(pattern + "\n").contains(path)).isEqualTo(left);
  }

  @Test
  void theLastPatternThatFitsDecides() throws IOException {
    IgnoredPaths ignored =
        ignored("# all but these\n*\n!kept\n\nkept/secret\r\n  !kept/secret/not  \n");
    assertThat(ignored.contains("other")).isTrue();
    assertThat(ignored.contains("kept/file")).isFalse();
    assertThat(ignored.contains("kept/secret/key")).isTrue();
    assertThat(ignored.contains("kept/secret/not")).isFalse();
  }

  @Test
  void withoutTheFileNothingIsLeftOut() {
    assertThat(IgnoredPaths.in(directory, DOCKERFILE).contains("anything")).isFalse();
  }

  @Test
  void aDockerfilesOwnFileTakesThePlaceOfTheDirectorys() throws IOException {
    Files.writeString(directory.resolve("Dockerfile.dockerignore"), "secret\n");
    IgnoredPaths ignored = ignored("notes\n");
    assertThat(ignored.contains("secret")).isTrue();
    assertThat(ignored.contains("notes")).isFalse();
    assertThat(ignored.areOfDockerfile()).isTrue();
  }

  @Test
  void aDockerfilesOwnFileStandsBesideItAndIsForNoOther() throws IOException {
    Path other = Path.of("docker/Slot.dockerfile");
    Files.createDirectory(directory.resolve("docker"));
    Files.writeString(directory.resolve(other + ".dockerignore"), "/secret\n");
    assertThat(IgnoredPaths.in(directory, other).contains("secret")).isTrue();
    assertThat(IgnoredPaths.in(directory, DOCKERFILE).contains("secret")).isFalse();
  }

  @Test
  void whatTheDockerfilesOwnFileLeavesOutIsNotSent() throws IOException {
    Files.writeString(directory.resolve("Dockerfile"), "FROM scratch\nCOPY . /\n");
    Files.writeString(directory.resolve("Dockerfile.dockerignore"), "secret\nDockerfile*\n");
    Files.writeString(directory.resolve(".dockerignore"), "notes\n");
    Files.writeString(directory.resolve("secret"), "");
    Files.writeString(directory.resolve("notes"), "");

    assertThat(sent()).containsExactly("Dockerfile", "notes");

    Files.delete(directory.resolve("Dockerfile.dockerignore"));
    assertThat(sent()).containsExactly(".dockerignore", "Dockerfile", "secret");
  }

  private List<String> sent() throws IOException {
    List<String> names = new ArrayList<>();
    try (BuildContext context = BuildContext.of(directory, DOCKERFILE);
        EntryStream entries = new TarReader(context.tar())) {
      for (Optional<Entry> entry = entries.next(); entry.isPresent(); entry = entries.next()) {
        if (!entry.get().path().isRoot()) {
          names.add(entry.get().path().toString());
        }
      }
    }
    return names;
  }

  @Test
  void aPatternThatIsNoneIsNamedByItsLine() {
    assertThatThrownBy(() -> ignored("a\n[b\n"))
        .isInstanceOf(OperatorError.class)
        .hasMessage(
            directory.resolve(".dockerignore")
                + ", line 2: \"[b\" is no pattern of paths. Mend it.");
  }
}
