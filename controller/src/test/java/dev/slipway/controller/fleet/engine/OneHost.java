package dev.slipway.controller.fleet.engine;

import dev.slipway.release.Phase;
import dev.slipway.release.Proof;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;

/** A fleet of one host, web1, which runs os1 and does what a test says. */
final class OneHost {
  static final Duration SWITCH_TIMEOUT = Duration.ofMinutes(5);

  final Machine machine = new Machine("web1", "os1");
  State state = State.empty();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  OneHost() {
    step(new Event.HostEnrolled(machine.id, "web1", new TreeMap<>()));
    sync();
  }

  Step step(Event event) {
    Step step = Engine.step(state, event, now);
    state = step.state();
    return step;
  }

  Step start(String release) {
    return start(release, true, 0);
  }

  Step start(String release, boolean canary, int maxFailed) {
    return step(
        new Event.RolloutStarted(
            new Plan(
                release,
                release,
                "all",
                canary,
                1,
                maxFailed,
                1,
                Duration.ofHours(1),
                SWITCH_TIMEOUT,
                CommitPolicy.NEXT_NATURAL,
                "op"),
            List.of(List.of(machine.id))));
  }

  Step order(long rollout, RolloutSignal order) {
    return step(new Event.RolloutOrdered(new RolloutId(rollout), order, "op", "wanted"));
  }

  void cancel(long rollout) {
    order(rollout, RolloutSignal.PAUSE);
    order(rollout, RolloutSignal.CANCEL);
  }

  Step clear() {
    return step(new Event.HostCleared(machine.id, "op", "looked at it"));
  }

  void revoke() {
    step(new Event.HostRevoked(machine.id, "web1 (revoked 1)"));
  }

  /** One report, and the answer to it. */
  void sync() {
    now = now.plusSeconds(10);
    step(new Event.HostSynced(machine.id, machine.report()));
    machine.hear(host().desired());
  }

  void timePasses(Duration time) {
    now = now.plus(time);
    step(new Event.TimePassed());
  }

  /** Starts a rollout and goes on until the host is told to switch. */
  void tellToSwitch(String release) {
    start(release);
    followUntilToldToSwitch(release);
  }

  void followUntilToldToSwitch(String release) {
    sync();
    machine.other = release;
    sync();
  }

  /** Boots the other slot; what it shows is good, or not yet proved. */
  void comeUp(String slot, Phase phase, Proof proof) {
    machine.runningSlot = slot;
    machine.boot("warmtrial");
    machine.phase = phase;
    machine.proof = proof;
    sync();
  }

  Host host() {
    return state.host(machine.id).orElseThrow();
  }

  HostState in(long rollout) {
    return rollout(rollout).member(machine.id).orElseThrow().state();
  }

  Rollout rollout(long number) {
    return state.rollout(new RolloutId(number)).orElseThrow();
  }
}
