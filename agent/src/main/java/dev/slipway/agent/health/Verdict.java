package dev.slipway.agent.health;

import dev.slipway.agent.switching.HostStatus;
import java.util.List;
import java.util.Optional;

/**
 * What the checks came to.
 *
 * @param reason {@code health:NAME} or {@code timeout:NAME} of the first check that did not pass;
 *     empty when all passed
 * @param checks every check that ran, in order
 */
public record Verdict(Optional<String> reason, List<HostStatus.Check> checks) {
  public Verdict {
    checks = List.copyOf(checks);
  }
}
