package dev.slipway.controller.web;

import dev.slipway.controller.fleet.engine.HostState;
import dev.slipway.controller.fleet.engine.RolloutState;
import java.util.Locale;

/**
 * How a state is shown: a word, a sign and a colour, so that none of them is needed alone. In the
 * order of a bar, from good to bad to not begun.
 */
public enum StateMark {
  /** Where it should be. */
  GOOD("good", "✓"),
  /** On its way. */
  MOVING("on the way", "▶"),
  /** Waits for a turn or a person. */
  WAITING("waits", "‖"),
  /** Something is wrong. */
  BAD("wrong", "✗"),
  /** Nothing has happened to it. */
  UNTOUCHED("not touched", "·");

  private final String text;
  private final String sign;

  StateMark(String text, String sign) {
    this.text = text;
    this.sign = sign;
  }

  /** The mark of a host's state. */
  static StateMark ofHost(HostState state) {
    return switch (state) {
      case COMMITTED -> GOOD;
      case OFFERED, STAGING, SWITCHING, TRIAL_BOOTED, CHECKING -> MOVING;
      case STAGED, WAIT_LEASE -> WAITING;
      case IDLE, REVOKED -> UNTOUCHED;
      case STAGE_FAILED, REFUSED, ROLLED_BACK, LOST, QUARANTINED, DRIFTED -> BAD;
    };
  }

  /** The mark of a rollout's state. */
  static StateMark ofRollout(RolloutState state) {
    return switch (state) {
      case SUCCEEDED -> GOOD;
      case RUNNING, ROLLING_BACK -> MOVING;
      case PAUSED -> WAITING;
      case HALTED -> BAD;
      case ROLLED_BACK, CANCELLED -> UNTOUCHED;
    };
  }

  /** For people. */
  public String text() {
    return text;
  }

  /** One character. */
  public String sign() {
    return sign;
  }

  /** The class in the style sheet. */
  public String style() {
    return name().toLowerCase(Locale.ROOT);
  }
}
