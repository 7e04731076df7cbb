package dev.slipway.controller.cli;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code controller token create}: prints a token for {@code agent join}, once. */
@Command(
    name = "create",
    description = {
      "Makes a token and prints it; it cannot be shown again.",
      "On the host: agent join URL TOKEN"
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  controller token create",
      "  controller token create --label rack=r1 --uses 20 --expires 2h"
    })
final class TokenCreateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config;

  @Option(
      names = "--label",
      paramLabel = "KEY=VALUE",
      description = "A label for every host that joins with it; can be repeated.")
  private Map<String, String> labels = new LinkedHashMap<>();

  @Option(
      names = "--uses",
      paramLabel = "N",
      defaultValue = "1",
      description = "How many hosts can join with it (default: ${DEFAULT-VALUE}).")
  private int uses;

  @Option(
      names = "--expires",
      paramLabel = "TIME",
      defaultValue = "24h",
      description = "How long it can be used: 30m, 24h, 7d (default: ${DEFAULT-VALUE}).")
  private Duration expires;

  @Override
  public Integer call() {
    String token =
        config
            .controller()
            .post(
                "/api/v1/join-tokens",
                Map.of("uses", uses, "expiresInSeconds", expires.toSeconds(), "labels", labels))
            .path("token")
            .asText();
    spec.commandLine().getOut().println(token);
    spec.commandLine().getOut().flush();
    return 0;
  }
}
