package dev.slipway.controller.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.linux.OperatorError;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code controller host show}. */
@Command(
    name = "show",
    description = "Shows a host's slots, and what is held against releases on it.",
    mixinStandardHelpOptions = true,
    footer = {"", "Examples:", "  controller host show web1"})
final class HostShowCommand implements Callable<Integer> {
  /** Names as hosts join with them, what is added to that of a revoked one, and ids. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9 ().-]*");

  @Mixin private ConfigOption config;
  @Mixin private AnswerFormat format;

  @Parameters(paramLabel = "HOST", description = "Its name.")
  private String host;

  @Override
  public Integer call() {
    format.print(config.controller().get(path(host)), HostShowCommand::print);
    return 0;
  }

  /** Where the server has a host, by its name or id. */
  static String path(String host) {
    if (!NAME.matcher(host).matches()) {
      throw new OperatorError(
          "'"
              + host
              + "' is no host: their names are made of a-z, 0-9, '-' and '.'. 'controller host"
              + " list' shows them.");
    }
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
