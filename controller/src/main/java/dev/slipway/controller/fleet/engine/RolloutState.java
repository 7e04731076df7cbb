package dev.slipway.controller.fleet.engine;

/**
 * Where a rollout stands.
 *
 * <p>Planning, approval and scheduling (DRAFT to SCHEDULED in the full table) have no states yet: a
 * rollout starts RUNNING.
 */
public enum RolloutState {
  /** Offers, grants and counts. */
  RUNNING("running"),
  /** A person stopped it: nothing new begins; hosts that are switching finish. */
  PAUSED("paused"),
  /** Too much failed: nothing new begins, and it never goes on by itself. */
  HALTED("halted"),
  /** Touched hosts are going back to what they ran before. */
  ROLLING_BACK("rolling back"),
  /** All touched hosts are back. */
  ROLLED_BACK("rolled back"),
  /** Every host is settled, and few enough failed. */
  SUCCEEDED("succeeded"),
  /** A person ended it; touched hosts stay where they are. */
  CANCELLED("cancelled");

  private final String text;

  RolloutState(String text) {
    this.text = text;
  }

  /** For people. */
  public String text() {
    return text;
  }

  /** Whether the rollout is over and its hosts are free for another. */
  public boolean isTerminal() {
    return this == ROLLED_BACK || this == SUCCEEDED || this == CANCELLED;
  }
}
