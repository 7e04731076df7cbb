package dev.slipway.controller.source.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** DockerfileBuildTest holds it to the docker command itself, too. */
class IgnoredPathsTest {
  @TempDir private Path directory;

  private IgnoredPaths ignored(String text) throws IOException {
    Files.writeString(directory.resolve(".dockerignore"), text);
    return IgnoredPaths.in(directory);
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
    assertThat(IgnoredPaths.in(directory).contains("anything")).isFalse();
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
