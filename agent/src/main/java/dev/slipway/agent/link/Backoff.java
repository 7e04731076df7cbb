package dev.slipway.agent.link;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Waiting longer after every failure in a row, at random: hosts that lost the controller together
 * do not come back together.
 *
 * @param first the shortest wait
 * @param longest where the doubling ends
 */
record Backoff(Duration first, Duration longest) {
  private static final int MOST_DOUBLINGS = 20;

  /**
   * How long to wait now.
   *
   * @param failures in a row, at least 1
   */
  Duration after(int failures) {
    long shortest = first.toMillis();
    long ceiling = Math.min(longest.toMillis(), shortest << Math.min(failures, MOST_DOUBLINGS));
    return Duration.ofMillis(
        ThreadLocalRandom.current().nextLong(shortest, Math.max(shortest, ceiling) + 1));
  }
}
