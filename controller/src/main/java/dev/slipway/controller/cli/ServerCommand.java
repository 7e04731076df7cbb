package dev.slipway.controller.cli;

import dev.slipway.controller.server.ControllerServer;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code controller server}: the server, until it is stopped. */
@Command(
    name = "server",
    description = "Runs the server that hosts and operators talk to.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  controller server",
      "  controller server /etc/slipway/config.yml"
    })
final class ServerCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "CONFIG",
      arity = "0..1",
      defaultValue = "config.yml",
      description = "Its configuration (default: ${DEFAULT-VALUE}).")
  private Path config;

  @Override
  public Integer call() throws InterruptedException {
    try (ControllerServer server = ControllerServer.start(config)) {
      spec.commandLine()
          .getOut()
          .printf(
              "The controller answers on https://%s:%d/ as the user operator, with the token in"
                  + " %s.%n",
              server.configuration().hostnames().get(0),
              server.port(),
              server.configuration().data().resolve("operator.token"));
      spec.commandLine().getOut().flush();
      server.join();
    }
    return 0;
  }
}
