package dev.slipway.controller.cli;

import picocli.CommandLine.Command;

/** {@code controller image}: container images made ready to boot. */
@Command(
    name = "image",
    description = "Checks container images, and prepares them as operating systems.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {ImageCheckCommand.class, ImagePrepareCommand.class})
final class ImageCommand {}
