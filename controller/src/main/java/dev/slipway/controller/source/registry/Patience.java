package dev.slipway.controller.source.registry;

import java.time.Duration;

/**
 * How long a registry is borne with that lets a pull down. Who wants to end a pull earlier
 * interrupts its thread, which ends every wait at once.
 *
 * @param silence how long an answer may bring no byte before it counts as broken
 * @param firstWait before the second attempt; doubled before each further one
 * @param longestWait the longest that a registry may ask for before an attempt
 * @param attempts in a row, without a byte between them, that end a pull
 */
record Patience(Duration silence, Duration firstWait, Duration longestWait, int attempts) {
  static final Patience USUAL =
      new Patience(Duration.ofSeconds(25), Duration.ofSeconds(2), Duration.ofSeconds(30), 4);
}
