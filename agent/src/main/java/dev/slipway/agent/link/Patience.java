package dev.slipway.agent.link;

import java.time.Duration;

/**
 * How long a host bears with a controller that lets it down.
 *
 * @param silence how long an answer that has begun may bring no byte before it counts as broken
 * @param backoff the waits between attempts
 * @param failures how many in a row, without a byte between them, end a download
 */
record Patience(Duration silence, Backoff backoff, int failures) {
  /** Outlasts a restart of the controller. */
  static final Patience USUAL =
      new Patience(
          Duration.ofSeconds(60), new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60)), 10);
}
