package dev.slipway.controller.cli;

import picocli.CommandLine.Command;

/** {@code controller rollout}: a release on its way to hosts. */
@Command(
    name = "rollout",
    description = "Brings a release to hosts, wave by wave, and takes them back.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      RolloutStartCommand.class,
      RolloutListCommand.class,
      RolloutShowCommand.class,
      RolloutWatchCommand.class,
      RolloutPauseCommand.class,
      RolloutResumeCommand.class,
      RolloutRollbackCommand.class,
      RolloutCancelCommand.class
    })
final class RolloutCommand {}
