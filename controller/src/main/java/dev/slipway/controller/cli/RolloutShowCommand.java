package dev.slipway.controller.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code controller rollout show}. */
@Command(
    name = "show",
    description = "Shows where a rollout stands, and what it waits for.",
    mixinStandardHelpOptions = true)
final class RolloutShowCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config;

  @Parameters(paramLabel = "ROLLOUT", description = "Its name, as in r7.")
  private String rollout;

  @Option(names = "--json", description = "As JSON, for programs.")
  private boolean asJson;

  @Override
  public Integer call() {
    JsonNode found = config.controller().get(RolloutText.path(rollout));
    PrintWriter out = spec.commandLine().getOut();
    if (asJson) {
      out.println(found.toPrettyString());
      out.flush();
    } else {
      RolloutText.print(found, out);
    }
    return 0;
  }
}
