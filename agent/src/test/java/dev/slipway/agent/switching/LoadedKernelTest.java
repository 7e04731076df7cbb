package dev.slipway.agent.switching;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What becomes of a loaded kernel when the agent is ended; each time in a process of its own. */
class LoadedKernelTest {

  @Test
  void isUnloadedWhenTheAgentIsEndedWhileItLoads() throws Exception {
    assertThat(saidBy(EndedAgent.WHILE_LOADING)).isEqualTo("loaded unloaded");
  }

  @Test
  void isUnloadedWhenTheAgentIsEndedBeforeTheJump() throws Exception {
    assertThat(saidBy(EndedAgent.BEFORE_THE_JUMP)).isEqualTo("loaded unloaded");
  }

  @Test
  void staysLoadedWhenTheShutdownForTheJumpEndsTheAgent() throws Exception {
    assertThat(saidBy(EndedAgent.IN_THE_JUMP)).isEqualTo("loaded");
  }

  private static String saidBy(String moment) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                EndedAgent.class.getName(),
                moment)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).isZero();
    return said;
  }
}
