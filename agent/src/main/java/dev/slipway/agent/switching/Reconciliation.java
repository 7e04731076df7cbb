package dev.slipway.agent.switching;

import dev.slipway.release.SlotRecord;

/** Puts right what a crash or power cut left behind. */
public final class Reconciliation {
  private final ThisHost host;

  public Reconciliation(ThisHost host) {
    this.host = host;
  }

  /**
   * Concludes and repairs. The caller holds the operation lock. Cut short at any point and run
   * again, it comes to the same end.
   *
   * @return the conclusion after the repairs
   */
  public Conclusion run() {
    Conclusion conclusion = host.conclude(false);
    Conclusion.Repairs repairs = conclusion.repairs();
    if (repairs.none()) {
      return conclusion;
    }
    if (repairs.unload()) {
      host.kernel().unload();
    }
    for (String slot : repairs.forget()) {
      host.records().write(new SlotRecord.Empty(slot));
    }
    repairs.events().forEach(host.journal()::append);
    repairs.write().ifPresent(host.environment()::write);
    if (repairs.matchCopies()) {
      host.environment().repair();
    }
    return host.conclude(false);
  }
}
