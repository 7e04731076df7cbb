package dev.slipway.controller.fleet.engine;

import java.util.Optional;

/** Rollouts are numbered from 1 in the order in which they were started; written {@code r7}. */
public record RolloutId(long number) implements Comparable<RolloutId> {
  /** Reads {@code r7}; empty for anything else. */
  public static Optional<RolloutId> parse(String text) {
    return text.matches("r[1-9][0-9]{0,17}")
        ? Optional.of(new RolloutId(Long.parseLong(text.substring(1))))
        : Optional.empty();
  }

  @Override
  public int compareTo(RolloutId other) {
    return Long.compare(number, other.number);
  }

  @Override
  public String toString() {
    return "r" + number;
  }
}
