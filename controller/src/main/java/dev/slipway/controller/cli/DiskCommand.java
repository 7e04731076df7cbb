package dev.slipway.controller.cli;

import picocli.CommandLine.Command;

/** {@code controller disk}: golden disks. */
@Command(
    name = "disk",
    description = "Builds, flashes, explains, inspects and boots golden disks.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DiskBuildCommand.class,
      DiskFlashCommand.class,
      DiskExplainCommand.class,
      DiskInspectCommand.class,
      DiskBootCommand.class
    })
final class DiskCommand {}
