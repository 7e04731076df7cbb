package dev.slipway.controller.cli;

import picocli.CommandLine.Command;

/** {@code controller rollout resume}. */
@Command(
    name = "resume",
    description = "Lets a paused rollout go on.",
    mixinStandardHelpOptions = true,
    footer = {"", "Examples:", "  controller rollout resume r7"})
final class RolloutResumeCommand extends RolloutOrderCommand {
  RolloutResumeCommand() {
    super("resume");
  }
}
