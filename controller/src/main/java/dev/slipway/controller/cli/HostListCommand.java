package dev.slipway.controller.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.controller.cli.Table.Column;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code controller host list}. */
@Command(
    name = "list",
    description = "Lists hosts with what they run and where they stand.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  controller host list",
      "  controller host list --select 'rack=r1,role in (db,web)'"
    })
final class HostListCommand implements Callable<Integer> {
  private static final Table TABLE =
      Table.of(
          Column.of("HOST", "name"),
          Column.of("STATE", "stateText"),
          Column.of("RUNS", "runs"),
          Column.of("SLOT", "runningSlot"),
          new Column("LABELS", HostListCommand::labels));

  @Mixin private ConfigOption config;
  @Mixin private AnswerFormat format;

  @Option(
      names = "--select",
      defaultValue = "all",
      paramLabel = "SELECTOR",
      description = "Which hosts, by label (default: all).")
  private String selector;

  @Option(names = "--revoked", description = "Those that were revoked, too.")
  private boolean revoked;

  @Override
  public Integer call() {
    String query = URLEncoder.encode(selector, StandardCharsets.UTF_8);
    format.print(
        config.controller().get("/api/v1/hosts?selector=" + query + "&revoked=" + revoked),
        TABLE::print);
    return 0;
  }

  private static String labels(JsonNode host) {
    return host.path("labels").properties().stream()
        .map(label -> label.getKey() + "=" + label.getValue().asText())
        .collect(Collectors.joining(","));
  }
}
