package dev.slipway.controller.cli;

import picocli.CommandLine.Command;

/** {@code controller host}: the machines that have joined. */
@Command(
    name = "host",
    description = "Shows the hosts of the fleet, and takes hosts out of it.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      HostListCommand.class,
      HostShowCommand.class,
      HostClearCommand.class,
      HostRevokeCommand.class
    })
final class HostCommand {}
