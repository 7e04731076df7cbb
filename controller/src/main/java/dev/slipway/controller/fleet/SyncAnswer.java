package dev.slipway.controller.fleet;

import dev.slipway.controller.fleet.engine.CommitPolicy;
import dev.slipway.controller.fleet.engine.Desired;
import java.util.Locale;

/**
 * What a host should run, as it travels.
 *
 * @param generation of this; a host refuses a lower one than it has seen
 * @param want {@code idle}, {@code stage} or {@code switch}
 * @param digest of the release's image manifest; empty if nothing was ever asked
 * @param release its name for people
 * @param commit {@code next-natural}, {@code immediate} or {@code trust}
 * @param nextSeconds when to ask again; the host adds jitter
 */
public record SyncAnswer(
    long generation, String want, String digest, String release, String commit, int nextSeconds) {
  static SyncAnswer of(Desired desired, int nextSeconds) {
    return new SyncAnswer(
        desired.generation(),
        desired.want().name().toLowerCase(Locale.ROOT),
        desired.digest(),
        desired.release(),
        word(desired.commit()),
        nextSeconds);
  }

  /** The policy's name in files, commands and on the wire. */
  static String word(CommitPolicy policy) {
    return policy.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
