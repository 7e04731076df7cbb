package dev.slipway.controller.fleet.engine;

import java.util.Locale;

/** What can happen to a rollout: an order by a person, or what its hosts add up to. */
public enum RolloutSignal {
  /** A person wants nothing new to begin. */
  PAUSE,
  /** A person wants it to go on. */
  RESUME,
  /** A person wants every touched host back on what it ran before. */
  ROLL_BACK,
  /** A person wants to end it where it is. */
  CANCEL,
  /** The open wave is settled within its limits, and another one waits. */
  WAVE_PASSED,
  /** More failed or fell silent than the limits allow. */
  LIMIT_EXCEEDED,
  /** The last wave is settled within its limits. */
  ALL_SETTLED,
  /** Every touched host is back. */
  ALL_BACK,
  /** Some hosts could not be taken back, and all others are. */
  BACK_FAILED;

  /** An order's name in commands and addresses. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace("_", "");
  }
}
