package dev.slipway.controller.fleet.engine;

/**
 * The result of one health check.
 *
 * @param name of the check
 * @param outcome {@code passed}, {@code failed} or {@code timeout}
 * @param reason empty if there is none
 */
public record CheckReport(String name, String outcome, String reason) {
  boolean failed() {
    return outcome.equals("failed") || outcome.equals("timeout");
  }
}
