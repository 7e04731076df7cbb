package dev.slipway.controller.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.linux.OperatorError;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code controller rollout watch}. */
@Command(
    name = "watch",
    description = {
      "Shows what happens in a rollout until it is over or halts.",
      "The exit code is 0 if it succeeded or everything is back, 1 if it halted or was cancelled."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Examples:", "  controller rollout watch r7"})
final class RolloutWatchCommand implements Callable<Integer> {
  private static final String DATA = "data:";
  private static final Set<String> GOOD_ENDS = Set.of("SUCCEEDED", "ROLLED_BACK");
  private static final Set<String> BAD_ENDS = Set.of("HALTED", "CANCELLED");

  private final ObjectMapper json = new ObjectMapper();

  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config;

  @Parameters(paramLabel = "ROLLOUT", description = "Its name, as in r7.")
  private String rollout;

  @Override
  public Integer call() {
    String path = RolloutText.path(rollout);
    RunningController controller = config.controller();
    PrintWriter out = spec.commandLine().getOut();
    try (Stream<String> stream = controller.events(path + "/events")) {
      Iterator<String> lines = stream.iterator();
      while (lines.hasNext()) {
        String line = lines.next();
        if (line.startsWith(DATA) && isTurningPoint(line.substring(DATA.length()), out)) {
          // History may tell of a halt that is long over: only what holds now ends the watch.
          String state = controller.get(path).path("state").asText();
          if (GOOD_ENDS.contains(state)) {
            return 0;
          }
          if (BAD_ENDS.contains(state)) {
            RolloutText.print(controller.get(path), out);
            return 1;
          }
        }
      }
    } catch (UncheckedIOException e) {
      throw new OperatorError(
          "The controller's server is gone; the rollout goes on when it is back.", e);
    }
    throw new OperatorError("The controller's server ended the connection.");
  }

  private boolean isTurningPoint(String data, PrintWriter out) {
    try {
      JsonNode event = json.readTree(data);
      out.println(event.path("at").asText() + "  " + event.path("text").asText());
      out.flush();
      String kind = event.path("kind").asText();
      String state = kind.startsWith("rollout.") ? kind.substring("rollout.".length()) : "";
      return GOOD_ENDS.contains(state) || BAD_ENDS.contains(state);
    } catch (JsonProcessingException e) {
      throw new OperatorError("The server sent an event that is no JSON: " + data, e);
    }
  }
}
