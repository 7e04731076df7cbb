package dev.slipway.controller.fleet.engine;

/**
 * One slot, as its host reports it.
 *
 * @param name of the slot
 * @param state {@code empty}, {@code staging} or {@code ready}; only a ready one was read back
 * @param digest of what it holds; empty if nothing or unknown
 * @param release {@code name:version}; empty if it does not come from a release
 */
public record SlotReport(String name, String state, String digest, String release) {
  /** Whether the slot holds exactly this, verified. */
  public boolean holds(String wanted) {
    return state.equals("ready") && !wanted.isEmpty() && digest.equals(wanted);
  }
}
