package dev.slipway.controller.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.function.BiConsumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How a command prints what the server answered: for people, or with {@code --json} as it is. */
final class AnswerFormat {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(names = "--json", description = "As JSON, for programs.")
  private boolean asJson;

  /**
   * Prints an answer.
   *
   * @param forPeople writes it as text
   */
  void print(JsonNode answer, BiConsumer<JsonNode, PrintWriter> forPeople) {
    PrintWriter out = command.commandLine().getOut();
    if (asJson) {
      out.println(answer.toPrettyString());
    } else {
      forPeople.accept(answer, out);
    }
    out.flush();
  }
}
