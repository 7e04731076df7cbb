package dev.slipway.controller.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code controller host show}. */
@Command(
    name = "show",
    description = "Shows a host's slots, and what is held against releases on it.",
    mixinStandardHelpOptions = true)
final class HostShowCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config;

  @Parameters(paramLabel = "HOST", description = "Its name.")
  private String host;

  @Option(names = "--json", description = "As JSON, for programs.")
  private boolean asJson;

  @Override
  public Integer call() {
    JsonNode found = config.controller().get(path(host));
    PrintWriter out = spec.commandLine().getOut();
    if (asJson) {
      out.println(found.toPrettyString());
    } else {
      print(found, out);
    }
    out.flush();
    return 0;
  }

  /** Where the server has a host. */
  static String path(String host) {
    return "/api/v1/hosts/" + URLEncoder.encode(host, StandardCharsets.UTF_8).replace("+", "%20");
  }

  static void print(JsonNode host, PrintWriter out) {
    String note = host.path("note").asText();
    out.printf(
        "%s: %s%s%n",
        host.path("name").asText(),
        host.path("stateText").asText(),
        note.isEmpty() ? "" : " (" + note + ")");
    out.printf(
        "  runs %s in %s, mode %s, proof %s; last heard %s%n",
        host.path("runs").asText(),
        host.path("runningSlot").asText(),
        host.path("mode").asText(),
        host.path("proof").asText(),
        host.path("lastSeen").asText("never"));
    for (JsonNode slot : host.path("slots")) {
      out.printf(
          "  slot %-16s %-20s %s%n",
          slot.path("name").asText(), slot.path("holds").asText(), slot.path("role").asText());
    }
    for (JsonNode held : host.path("held")) {
      out.println("  not offered again: " + held.asText());
    }
  }
}
