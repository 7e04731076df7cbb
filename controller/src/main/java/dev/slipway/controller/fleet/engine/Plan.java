package dev.slipway.controller.fleet.engine;

import java.time.Duration;

/**
 * What a rollout was started with; it never changes.
 *
 * @param release {@code name:version}
 * @param digest of the release: what hosts are told and must show
 * @param selector the text by which hosts were chosen
 * @param canary whether the first wave is a canary, in which any failure halts
 * @param waves how many there are
 * @param maxFailed how many failed or lost hosts are tolerated beside the canary
 * @param maxSwitching how many hosts may be between "told to switch" and "good" at a time
 * @param stageTimeout from the offer until the release must be staged
 * @param switchTimeout from the order to switch until the new OS must have proved itself
 * @param commit when hosts prove that firmware can boot the release
 * @param author who started it
 */
public record Plan(
    String release,
    String digest,
    String selector,
    boolean canary,
    int waves,
    int maxFailed,
    int maxSwitching,
    Duration stageTimeout,
    Duration switchTimeout,
    CommitPolicy commit,
    String author) {
  /** Holds the numbers to sense; what people type is checked before it comes here. */
  public Plan {
    if (waves < 1 || maxFailed < 0 || maxSwitching < 1) {
      throw new IllegalArgumentException("a plan with these numbers can do nothing");
    }
  }
}
