package dev.slipway.controller.cli;

import picocli.CommandLine.Command;

/** {@code controller rollout pause}. */
@Command(
    name = "pause",
    description = "Lets nothing new begin; hosts that are switching finish.",
    mixinStandardHelpOptions = true)
final class RolloutPauseCommand extends RolloutOrderCommand {
  RolloutPauseCommand() {
    super("pause");
  }
}
