package dev.slipway.controller.cli;

import picocli.CommandLine.Command;

/** {@code controller token}: what lets hosts join. */
@Command(
    name = "token",
    description = "Makes tokens that let hosts join.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {TokenCreateCommand.class})
final class TokenCommand {}
