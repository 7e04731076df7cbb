package dev.slipway.agent.switching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentConfigurationTest {
  @TempDir Path directory;

  private AgentConfiguration read(String text) throws IOException {
    return AgentConfiguration.read(Files.writeString(directory.resolve("agent.conf"), text));
  }

  @Test
  void everyKeyMayBeMissingAndSoMayTheFile() throws IOException {
    assertThat(AgentConfiguration.read(directory.resolve("none")))
        .isEqualTo(AgentConfiguration.DEFAULT);
    assertThat(read("{}")).isEqualTo(AgentConfiguration.DEFAULT);
  }

  @Test
  void takesADayAtMost() throws IOException {
    assertThat(
            read("{\"healthDeadlineSeconds\": 86400, \"soakSeconds\": 0, \"commit\": \"trust\"}"))
        .isEqualTo(
            new AgentConfiguration(
                Duration.ofDays(1), Duration.ZERO, Duration.ofSeconds(60), CommitPolicy.TRUST));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "[]",
        "{\"healthDeadlineSeconds\": 86401}",
        "{\"healthDeadlineSeconds\": 99999999}",
        "{\"soakSeconds\": -1}",
        "{\"checkSeconds\": \"60\"}",
        "{\"commit\": \"never\"}",
        "{\"sookSeconds\": 5}"
      })
  void guessesNothing(String text) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOfSatisfying(
            OperatorError.class,
            refusal -> {
              assertThat(refusal.exitCode()).isEqualTo(3);
              assertThat(refusal.getMessage())
                  .contains("agent.conf is not understood: ")
                  .doesNotContain("..");
            });
  }
}
