package dev.slipway.controller.cli;

import picocli.CommandLine.Command;

/** {@code controller rollout pause}. */
@Command(
    name = "pause",
    description = "Lets nothing new begin; hosts that are switching finish.",
    mixinStandardHelpOptions = true,
    footer = {"", "Examples:", "  controller rollout pause r7 --reason 'the network is slow'"})
final class RolloutPauseCommand extends RolloutOrderCommand {
  RolloutPauseCommand() {
    super("pause");
  }
}
