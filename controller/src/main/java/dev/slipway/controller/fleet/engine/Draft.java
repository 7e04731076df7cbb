package dev.slipway.controller.fleet.engine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One step while it is being made: the state so far and what it takes to make it durable. */
final class Draft {
  private final Instant now;
  private final List<Effect> effects = new ArrayList<>();
  private State state;

  Draft(State state, Instant now) {
    this.state = state;
    this.now = now;
  }

  Instant now() {
    return now;
  }

  State state() {
    return state;
  }

  Host host(HostId id) {
    return state.host(id).orElseThrow();
  }

  Rollout rollout(RolloutId id) {
    return state.rollout(id).orElseThrow();
  }

  void save(Host host) {
    state = state.with(host);
    effects.add(new Effect.SaveHost(host));
  }

  /** Remembers what need not outlive a restart: when a host was last seen. */
  void remember(Host host) {
    state = state.with(host);
  }

  void save(Rollout rollout) {
    state = state.with(rollout);
    effects.add(new Effect.SaveRollout(rollout));
  }

  void save(RolloutId id, Member member) {
    state = state.with(rollout(id).with(member));
    effects.add(new Effect.SaveMember(id, member));
  }

  void save(HostRelease pair, Verdict verdict) {
    state = state.with(pair, verdict);
    effects.add(new Effect.SaveVerdict(pair, verdict));
  }

  void forget(HostRelease pair) {
    state = state.without(pair);
    effects.add(new Effect.ForgetVerdict(pair));
  }

  void happened(Optional<HostId> host, Optional<RolloutId> rollout, String kind, String text) {
    effects.add(new Effect.Happened(now, host, rollout, kind, text));
  }

  Step done() {
    return new Step(state, effects);
  }
}
