package dev.slipway.controller.cli;

import picocli.CommandLine.Command;

/** {@code controller image}: container images made ready to boot. */
@Command(
    name = "image",
    description = "Prepares container images as operating systems.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {ImagePrepareCommand.class})
final class ImageCommand {}
