package dev.slipway.controller.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.controller.cli.Table.Column;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code controller rollout list}. */
@Command(
    name = "list",
    description = "Lists all rollouts, the newest first.",
    mixinStandardHelpOptions = true,
    footer = {"", "Examples:", "  controller rollout list"})
final class RolloutListCommand implements Callable<Integer> {
  private static final Table TABLE =
      Table.of(
          Column.of("ROLLOUT", "id"),
          Column.of("RELEASE", "release"),
          Column.of("STATE", "stateText"),
          new Column("GOOD", RolloutListCommand::good),
          Column.of("STARTED", "createdAt"));

  @Mixin private ConfigOption config;
  @Mixin private AnswerFormat format;

  @Override
  public Integer call() {
    format.print(config.controller().get("/api/v1/rollouts"), TABLE::print);
    return 0;
  }

  private static String good(JsonNode rollout) {
    return rollout.path("good").asInt() + " of " + rollout.path("total").asInt();
  }
}
