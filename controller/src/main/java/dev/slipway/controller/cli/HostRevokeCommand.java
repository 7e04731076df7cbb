package dev.slipway.controller.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code controller host revoke}: takes a host's identity back. */
@Command(
    name = "revoke",
    description = {
      "Takes a host's certificate back: the controller no longer answers it.",
      "The machine keeps running what it runs, and may join again with a new token."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Examples:", "  controller host revoke web1"})
final class HostRevokeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config;

  @Parameters(paramLabel = "HOST", description = "Its name.")
  private String host;

  @Override
  public Integer call() {
    RunningController controller = config.controller();
    String id = controller.get(HostShowCommand.path(host)).path("id").asText();
    controller.post("/api/v1/hosts/" + id + "/revoke");
    spec.commandLine().getOut().println("Revoked " + host + ": it is no longer answered.");
    spec.commandLine().getOut().flush();
    return 0;
  }
}
