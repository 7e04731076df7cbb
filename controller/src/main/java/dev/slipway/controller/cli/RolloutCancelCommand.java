package dev.slipway.controller.cli;

import picocli.CommandLine.Command;

/** {@code controller rollout cancel}. */
@Command(
    name = "cancel",
    description = "Ends a paused or halted rollout; touched hosts stay where they are.",
    mixinStandardHelpOptions = true,
    footer = {"", "Examples:", "  controller rollout cancel r7 --reason 'web:3 is on its way'"})
final class RolloutCancelCommand extends RolloutOrderCommand {
  RolloutCancelCommand() {
    super("cancel");
  }
}
