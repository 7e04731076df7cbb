package dev.slipway.controller.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code controller host list}. */
@Command(
    name = "list",
    description = "Lists hosts with what they run and where they stand.",
    mixinStandardHelpOptions = true)
final class HostListCommand implements Callable<Integer> {
  private static final String LINE = "%-20s %-16s %-20s %-10s %s%n";

  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config;

  @Option(
      names = "--select",
      defaultValue = "all",
      paramLabel = "SELECTOR",
      description = "Which hosts, by label (default: all).")
  private String selector;

  @Option(names = "--json", description = "As JSON, for programs.")
  private boolean asJson;

  @Override
  public Integer call() {
    String query = URLEncoder.encode(selector, StandardCharsets.UTF_8);
    JsonNode hosts = config.controller().get("/api/v1/hosts?selector=" + query);
    PrintWriter out = spec.commandLine().getOut();
    if (asJson) {
      out.println(hosts.toPrettyString());
    } else {
      out.printf(LINE, "HOST", "STATE", "RUNS", "SLOT", "LABELS");
      for (JsonNode host : hosts) {
        var labels = new ArrayList<String>();
        for (Map.Entry<String, JsonNode> label : host.path("labels").properties()) {
          labels.add(label.getKey() + "=" + label.getValue().asText());
        }
        out.printf(
            LINE,
            host.path("name").asText(),
            host.path("stateText").asText(),
            host.path("runs").asText(),
            host.path("runningSlot").asText(),
            String.join(",", labels));
      }
    }
    out.flush();
    return 0;
  }
}
