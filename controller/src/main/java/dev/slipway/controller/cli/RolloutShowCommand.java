package dev.slipway.controller.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code controller rollout show}. */
@Command(
    name = "show",
    description = "Shows where a rollout stands, and what it waits for.",
    mixinStandardHelpOptions = true,
    footer = {"", "Examples:", "  controller rollout show r7"})
final class RolloutShowCommand implements Callable<Integer> {
  @Mixin private ConfigOption config;
  @Mixin private AnswerFormat format;

  @Parameters(paramLabel = "ROLLOUT", description = "Its name, as in r7.")
  private String rollout;

  @Override
  public Integer call() {
    format.print(config.controller().get(RolloutText.path(rollout)), RolloutText::print);
    return 0;
  }
}
