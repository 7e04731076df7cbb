package dev.slipway.controller.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.stream.Stream;
import picocli.CommandLine;

/** Runs the commands of an operator, each as the program does, with one configuration. */
final class Commands {
  private final Path config;

  Commands(Path config) {
    this.config = config;
  }

  /** What a command left behind. */
  record Ran(int exitCode, String out, String err) {}

  Ran run(String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    CommandLine command = Main.commandLine();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    int exitCode =
        command.execute(
            Stream.concat(Stream.of(arguments), Stream.of("--config", config.toString()))
                .toArray(String[]::new));
    return new Ran(exitCode, out.toString(), err.toString());
  }

  /** Runs one that succeeds; what it printed. */
  String done(String... arguments) {
    Ran ran = run(arguments);
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.err()).isEmpty();
    return ran.out();
  }

  /** Runs one that prints JSON. */
  JsonNode json(String... arguments) throws JsonProcessingException {
    return new ObjectMapper().readTree(done(arguments));
  }

  /** Runs one that fails and says this, on standard error alone; all that it said. */
  String fails(int exitCode, String sentence, String... arguments) {
    Ran ran = run(arguments);
    String command = String.join(" ", arguments);
    assertThat(ran.exitCode()).as("%s: %s", command, ran.err()).isEqualTo(exitCode);
    assertThat(ran.out()).as(command).isEmpty();
    assertThat(ran.err())
        .startsWith("controller: ")
        .contains(sentence)
        .doesNotContain("Exception", "this should not have happened");
    return ran.err();
  }
}
