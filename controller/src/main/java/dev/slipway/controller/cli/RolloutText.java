package dev.slipway.controller.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.linux.OperatorError;
import java.io.PrintWriter;

/** A rollout on the terminal. */
final class RolloutText {
  private RolloutText() {}

  /** Where the server has it. */
  static String path(String rollout) {
    if (!rollout.matches("r[0-9]+")) {
      throw new OperatorError(
          "'"
              + rollout
              + "' is no rollout: their names are r1, r2, ... 'controller rollout list'"
              + " shows them.");
    }
    return "/api/v1/rollouts/" + rollout;
  }

  static void print(JsonNode rollout, PrintWriter out) {
    out.printf(
        "%s  %s  %s: %d of %d good, %d failed%n",
        rollout.path("id").asText(),
        rollout.path("release").asText(),
        rollout.path("stateText").asText(),
        rollout.path("good").asInt(),
        rollout.path("total").asInt(),
        rollout.path("failed").asInt());
    for (JsonNode line : rollout.path("blockedBy")) {
      out.println("  " + line.asText());
    }
    for (JsonNode wave : rollout.path("waves")) {
      out.printf(
          "wave %d, %s%s: %s%n",
          wave.path("number").asInt(),
          wave.path("name").asText(),
          wave.path("open").asBoolean() ? "" : " (not open yet)",
          wave.path("gate").asText());
      for (JsonNode host : wave.path("hosts")) {
        out.printf(
            "  %-20s %-16s %s%n",
            host.path("name").asText(),
            host.path("stateText").asText() + (host.path("goingBack").asBoolean() ? " (back)" : ""),
            host.path("note").asText());
      }
    }
    out.flush();
  }
}
