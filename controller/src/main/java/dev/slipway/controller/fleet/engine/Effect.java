package dev.slipway.controller.fleet.engine;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What has to be done about a step before anyone is answered: making it durable, and telling
 * people.
 */
public sealed interface Effect {
  /** A host's record changed. */
  record SaveHost(Host host) implements Effect {}

  /** A rollout's own record changed (its hosts' are {@link SaveMember}). */
  record SaveRollout(Rollout rollout) implements Effect {}

  /** A host's place in a rollout changed. */
  record SaveMember(RolloutId rollout, Member member) implements Effect {}

  /** Something is known about a release on a host. */
  record SaveVerdict(HostRelease pair, Verdict verdict) implements Effect {}

  /** A verdict was cleared. */
  record ForgetVerdict(HostRelease pair) implements Effect {}

  /**
   * Something to write into the history, one for every transition.
   *
   * @param kind {@code host.COMMITTED}, {@code rollout.HALTED}, ...: for programs
   * @param text one sentence: for people
   */
  record Happened(
      Instant at, Optional<HostId> host, Optional<RolloutId> rollout, String kind, String text)
      implements Effect {}

  /**
   * The event was not allowed and nothing changed; always the only effect.
   *
   * @param kind why, for programs
   * @param sentence what, why and what to do, for people
   * @param state of the rollout it was about; empty if it is about none
   * @param allowed orders in that state
   */
  record Refused(Kind kind, String sentence, String state, List<String> allowed) implements Effect {
    /** Why. */
    public enum Kind {
      /** There is no such thing. */
      UNKNOWN,
      /** Not in this state. */
      CONFLICT
    }
  }
}
