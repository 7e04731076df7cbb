package dev.slipway.controller.fleet.engine;

import java.time.Instant;

/**
 * What is known about one release on one host, whichever rollout brought it there. It outlives the
 * rollout, so that no later one runs into the same wall.
 *
 * @param kind good or bad
 * @param phase where it failed; empty for the good kinds
 * @param reason one sentence; empty for the good kinds
 * @param at when it was found
 */
public record Verdict(Kind kind, String phase, String reason, Instant at) {
  /** What was found. */
  public enum Kind {
    /** Booted well by kexec. */
    GOOD_WARM,
    /** Booted well by firmware. */
    GOOD_COLD,
    /**
     * Could not be staged, or the host did not jump. May be offered again: nothing is known about
     * the release.
     */
    NOT_TRIED,
    /** Went wrong from the switch on. Not offered again until a person clears it. */
    FAILED,
    /** The host fell silent. Not offered again until it is heard or cleared. */
    LOST
  }

  /** Whether the pair may not be offered again. */
  public boolean blocks() {
    return kind == Kind.FAILED || kind == Kind.LOST;
  }
}
