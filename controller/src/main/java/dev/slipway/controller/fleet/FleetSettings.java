package dev.slipway.controller.fleet;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/**
 * The section {@code fleet} of {@code config.yml}.
 *
 * @param idleSeconds how long a host without anything to do waits between two syncs
 * @param busySeconds the same for a host in a rollout that is not over
 */
public record FleetSettings(@Min(1) @Max(3600) int idleSeconds, @Min(1) @Max(600) int busySeconds) {
  /** What holds when the section is missing. */
  public static FleetSettings defaults() {
    return new FleetSettings(30, 5);
  }
}
