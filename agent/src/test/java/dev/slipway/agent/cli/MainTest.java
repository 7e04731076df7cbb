package dev.slipway.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MainTest {
  private final StringWriter err = new StringWriter();
  private final StringWriter out = new StringWriter();

  /** All but the daemon, which nobody types. */
  @ParameterizedTest
  @ValueSource(strings = {"status", "flash", "switch", "commit", "rollback", "history", "join"})
  void theHelpOfACommandHasExamplesThatItTakes(String command) {
    assertThat(run(command, "--help")).isZero();

    List<String> examples =
        out.toString().lines().dropWhile(line -> !line.equals("Examples:")).skip(1).toList();
    assertThat(examples)
        .hasSizeBetween(1, 3)
        .allSatisfy(example -> assertThat(example).startsWith("  agent " + command));
    for (String example : examples) {
      String typed = example.replaceFirst("  agent ", "").replaceFirst(" < token$", "");
      assertThat(Main.commandLine().parseArgs(typed.split(" ")).errors()).as(example).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "flash slot2 rootfs:web.tar --filesystem zfs,it can have xfs or ext4",
    "switch slot2 --commit later,'next-natural, immediate, trust'",
    "commit --policy later,'next-natural, immediate, trust'",
  })
  void aWordThatMeansNothingIsWrongUsage(String line, String sentence) {
    assertThat(run(line.split(" "))).isEqualTo(2);
    assertThat(err.toString()).contains(sentence).doesNotContain("Exception");
  }

  private int run(String... arguments) {
    CommandLine command = Main.commandLine();
    command.setErr(new PrintWriter(err, true));
    command.setOut(new PrintWriter(out, true));
    return command.execute(arguments);
  }
}
