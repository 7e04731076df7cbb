package dev.slipway.controller.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code controller rollout list}. */
@Command(
    name = "list",
    description = "Lists all rollouts, the newest first.",
    mixinStandardHelpOptions = true)
final class RolloutListCommand implements Callable<Integer> {
  private static final String LINE = "%-8s %-24s %-12s %-14s %s%n";

  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config;

  @Option(names = "--json", description = "As JSON, for programs.")
  private boolean asJson;

  @Override
  public Integer call() {
    JsonNode rollouts = config.controller().get("/api/v1/rollouts");
    PrintWriter out = spec.commandLine().getOut();
    if (asJson) {
      out.println(rollouts.toPrettyString());
    } else {
      out.printf(LINE, "ROLLOUT", "RELEASE", "STATE", "GOOD", "STARTED");
      for (JsonNode rollout : rollouts) {
        out.printf(
            LINE,
            rollout.path("id").asText(),
            rollout.path("release").asText(),
            rollout.path("stateText").asText(),
            rollout.path("good").asInt() + " of " + rollout.path("total").asInt(),
            rollout.path("createdAt").asText());
      }
    }
    out.flush();
    return 0;
  }
}
