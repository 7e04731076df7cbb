package dev.slipway.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CommandTest {
  @Test
  void inputOutputDirectoryAndEnvironmentReachTheProgram() {
    Command.Result result =
        Command.of("sh", "-c", "cat; pwd; echo $WORD; echo complaint >&2")
            .input("typed\n".getBytes(StandardCharsets.UTF_8))
            .directory(Path.of("/usr"))
            .environment(Map.of("WORD", "said"))
            .run();

    assertThat(result).isEqualTo(new Command.Result(0, "typed\n/usr\nsaid\n", "complaint\n"));
  }

  @Test
  void aFailureSaysWhichProgramItsExitCodeAndItsLastWords() {
    Command failing =
        Command.of("sh", "-c", "for i in $(seq 20); do echo line $i >&2; done; exit 7");

    assertThat(failing.runUnchecked().exit()).isEqualTo(7);
    assertThatThrownBy(failing::run)
        .isInstanceOf(CommandFailed.class)
        .hasMessageStartingWith("sh failed with exit code 7:")
        .hasMessageContaining("line 20")
        .hasMessageNotContaining("line 1\n");
  }

  @Test
  void aProgramThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> Command.of("/no/such/program").run())
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("/no/such/program could not be started");
  }

  @Test
  void moreOutputThanAPipeHoldsDoesNotBlock() {
    Command.Result result =
        Command.of(
                "sh",
                "-c",
                "head -c 1000000 /dev/zero | tr '\\0' e >&2; head -c 1000000 /dev/zero | tr '\\0' o")
            .run();

    assertThat(result.out()).hasSize(1_000_000);
    assertThat(result.err()).hasSize(1_000_000);
  }

  @Test
  void aProgramThatIgnoresItsInputIsNoError() {
    assertThat(Command.of("true").input(new byte[1_000_000]).run().exit()).isZero();
  }
}
