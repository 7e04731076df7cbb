package dev.slipway.controller.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What the commands that order something of a rollout have in common. */
abstract class RolloutOrderCommand implements Callable<Integer> {
  private final String order;

  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config;

  @Parameters(paramLabel = "ROLLOUT", description = "Its name, as in r7.")
  private String rollout;

  @Option(names = "--reason", defaultValue = "", description = "Why; kept in the history.")
  private String reason;

  RolloutOrderCommand(String order) {
    this.order = order;
  }

  @Override
  public Integer call() {
    JsonNode after =
        config.controller().post(RolloutText.path(rollout) + "/" + order, Map.of("reason", reason));
    RolloutText.print(after, spec.commandLine().getOut());
    return 0;
  }
}
