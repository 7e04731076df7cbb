package dev.slipway.controller.fleet.engine;

/**
 * What one host should run. One row a host, no queue of jobs: nothing has to be cancelled or
 * superseded, and a host that was away for a month does the right thing.
 *
 * @param generation rises by one with every change; a host refuses a lower one than it has seen
 * @param want what to do about it now
 * @param digest of the release, {@code sha256:...}; empty until a rollout has touched the host
 * @param release its name for people; empty if it was no release
 * @param commit when the cold proof is due
 */
public record Desired(
    long generation, Want want, String digest, String release, CommitPolicy commit) {
  /** For a host of which nothing was asked yet. */
  public static Desired nothing() {
    return new Desired(0, Want.IDLE, "", "", CommitPolicy.NEXT_NATURAL);
  }

  Desired next(Want newWant, String newDigest, String newRelease, CommitPolicy newCommit) {
    return new Desired(generation + 1, newWant, newDigest, newRelease, newCommit);
  }
}
