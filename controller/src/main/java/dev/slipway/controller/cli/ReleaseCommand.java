package dev.slipway.controller.cli;

import picocli.CommandLine.Command;

/** {@code controller release}: operating systems that hosts can be given. */
@Command(
    name = "release",
    description = "Publishes images as releases and lists them.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {ReleasePublishCommand.class, ReleaseListCommand.class})
final class ReleaseCommand {}
