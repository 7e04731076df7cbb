package dev.slipway.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.e2e.vm.Shell;
import dev.slipway.e2e.vm.VmException;
import java.time.Duration;
import java.util.function.Predicate;

/** The agent of a machine, as somebody uses it in a root shell there. */
final class AgentOnHost {
  private final ObjectMapper json = new ObjectMapper();
  private final Shell shell;

  AgentOnHost(Shell shell) {
    this.shell = shell;
  }

  /** {@code agent status --json}. */
  JsonNode status() {
    String output = shell.check("agent status --json", Duration.ofMinutes(2));
    try {
      return json.readTree(output);
    } catch (JsonProcessingException e) {
      throw new VmException("agent status --json printed no JSON: " + output, e);
    }
  }

  /** Asks again until the status is as wanted. */
  JsonNode awaitStatus(String wanted, Duration patience, Predicate<JsonNode> condition) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      JsonNode status = status();
      if (condition.test(status)) {
        return status;
      }
      if (System.nanoTime() > deadline) {
        throw new VmException(
            "The agent's status did not become " + wanted + ": " + status.toPrettyString());
      }
      shell.check("sleep 1");
    }
  }

  JsonNode awaitPhase(String phase, Duration patience) {
    return awaitStatus(
        "phase " + phase, patience, status -> status.get("phase").asText().equals(phase));
  }

  /** Types the switch; the machine leaves, so nothing is waited for. */
  void leaveFor(String slot, String... options) {
    shell.leave("agent switch " + slot + " --yes " + String.join(" ", options));
  }
}
