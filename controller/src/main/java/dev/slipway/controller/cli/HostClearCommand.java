package dev.slipway.controller.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code controller host clear}. */
@Command(
    name = "clear",
    description =
        "Lets releases that failed on a host be offered to it again; writes a lost host off.",
    mixinStandardHelpOptions = true,
    footer = {"", "Examples:", "  controller host clear web1 --reason 'its memory was replaced'"})
final class HostClearCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config;

  @Parameters(paramLabel = "HOST", description = "Its name.")
  private String host;

  @Option(names = "--reason", required = true, description = "Why; kept in the history.")
  private String reason;

  @Override
  public Integer call() {
    JsonNode cleared =
        config.controller().post(HostShowCommand.path(host) + "/clear", Map.of("reason", reason));
    PrintWriter out = spec.commandLine().getOut();
    HostShowCommand.print(cleared, out);
    out.flush();
    return 0;
  }
}
