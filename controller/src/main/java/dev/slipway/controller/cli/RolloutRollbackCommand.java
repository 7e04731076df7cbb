package dev.slipway.controller.cli;

import picocli.CommandLine.Command;

/** {@code controller rollout rollback}. */
@Command(
    name = "rollback",
    description = "Takes every touched host back to what it ran before.",
    mixinStandardHelpOptions = true,
    footer = {"", "Examples:", "  controller rollout rollback r7 --reason 'logins fail'"})
final class RolloutRollbackCommand extends RolloutOrderCommand {
  RolloutRollbackCommand() {
    super("rollback");
  }
}
