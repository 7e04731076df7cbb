package dev.slipway.controller.fleet.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.release.Proof;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Random fleets, releases, failures, orders, lost and doubled messages and restarts. After every
 * step holds what must always hold; the numbers are those of the fleet's list of invariants:
 *
 * <ul>
 *   <li>1 at a grant, no more hosts switch than may, the lost ones counted
 *   <li>3 nobody is told to switch to what it has not reported staged
 *   <li>4 COMMITTED rests on another boot than that of the order, which runs what was asked for, or
 *       on the way back on a host that was not told to switch and runs it
 *   <li>5 a generation never falls
 *   <li>6 what is held against a host and a release keeps it from being offered
 *   <li>8 no host of a wave is touched before the wave before it passed
 *   <li>10 a host is in at most one rollout that is not over
 *   <li>11 a repeated message changes nothing
 *   <li>13 hosts by state add up to the plan
 *   <li>15 when faults end, every rollout ends, pauses or halts, though a machine stays dead; or
 *       waits for a person, whose order is accepted
 *   <li>16 a revoked host is asked for nothing more
 *   <li>17 every transition of a host or rollout is one event
 * </ul>
 *
 * <p>And one more, without a number: what is desired of a host changes on behalf of no rollout but
 * the last that includes it.
 *
 * <p>2, 7, 9, 12, 18 are about leases, the stop bit, plan hashes, leaders and floors, which do not
 * exist yet; 14 and 19 are the agent's. And no rollout that halted ever goes on.
 */
class InvariantsTest {
  private static final int SEEDS = Integer.getInteger("slipway.seeds", 300);
  private static final int STEPS = 400;
  private static final int HOSTS = 6;

  @Test
  void whateverHappensTheInvariantsHold() {
    long first = Long.getLong("slipway.seed", System.nanoTime());
    Set<HostState> seen = EnumSet.noneOf(HostState.class);
    Set<RolloutState> seenRollouts = EnumSet.noneOf(RolloutState.class);
    for (long seed = first; seed < first + SEEDS; seed++) {
      try {
        new Run(seed, seen, seenRollouts).run();
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(
            "seed " + seed + " (run it again with -Dslipway.seed=" + seed + " -Dslipway.seeds=1)",
            e);
      }
    }
    if (SEEDS >= 300) {
      assertThat(seen).as("states that hosts came to").containsExactly(HostState.values());
      assertThat(seenRollouts).containsExactly(RolloutState.values());
    }
  }

  private static final class Run {
    private final SplittableRandom random;
    private final Set<HostState> seen;
    private final Set<RolloutState> seenRollouts;
    private final List<Machine> machines = new ArrayList<>();
    private final Map<HostId, Set<String>> reportedStaged = new HashMap<>();
    private State state = State.empty();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    Run(long seed, Set<HostState> seen, Set<RolloutState> seenRollouts) {
      this.random = new SplittableRandom(seed);
      this.seen = seen;
      this.seenRollouts = seenRollouts;
    }

    void run() {
      for (int i = 0; i < HOSTS; i++) {
        var machine = new Machine("host" + i, "os1");
        machines.add(machine);
        step(new Event.HostEnrolled(machine.id, "name" + i, new TreeMap<>()));
      }
      for (int i = 0; i < STEPS; i++) {
        now = now.plusSeconds(random.nextInt(20));
        something();
      }
      heal();
    }

    private void something() {
      if (random.nextInt(300) == 0) {
        HostId id = machines.get(random.nextInt(HOSTS)).id;
        step(new Event.HostRevoked(id, id + " (revoked)"));
      }
      int what = random.nextInt(100);
      if (what < 70) {
        turn(machines.get(random.nextInt(HOSTS)), false);
      } else if (what < 84) {
        step(new Event.TimePassed());
      } else if (what < 90) {
        start();
      } else if (what < 93) {
        order();
      } else if (what < 95) {
        step(new Event.HostCleared(machines.get(random.nextInt(HOSTS)).id, "op", "looked at it"));
      } else if (what < 96) {
        Instant before = now;
        now = now.plusSeconds(random.nextInt(4000));
        step(new Event.ControllerStarted(before));
      } else if (what < 98) {
        Machine machine = machines.get(random.nextInt(HOSTS));
        machine.dead = false;
        machine.boot("committed");
      } else {
        Machine machine = machines.get(random.nextInt(HOSTS));
        machine.runningSlot = machine.other.isEmpty() ? "slot1" : "slot2";
        machine.boot("warmtrial");
      }
    }

    private void turn(Machine machine, boolean healed) {
      if (machine.dead || isRevoked(machine.id)) {
        return;
      }
      Report report = machine.report();
      int luck = healed ? 99 : random.nextInt(100);
      if (luck < 8) {
        return; // the message is lost
      }
      report.slots().stream()
          .filter(slot -> slot.state().equals("ready"))
          .forEach(
              slot ->
                  reportedStaged
                      .computeIfAbsent(machine.id, id -> new HashSet<>())
                      .add(slot.digest()));
      var event = new Event.HostSynced(machine.id, report);
      step(event);
      if (luck < 30) {
        State once = state;
        Step again = Engine.step(state, event, now);
        assertThat(again.state()).as("11").isEqualTo(once);
        assertThat(again.effects()).as("11").isEmpty();
      }
      if (luck < 38 && luck >= 30) {
        return; // the answer is lost
      }
      machine.hear(state.host(machine.id).orElseThrow().desired());
      machine.act(random);
    }

    private void start() {
      List<HostId> chosen =
          machines.stream()
              .map(m -> m.id)
              .filter(id -> random.nextInt(4) > 0)
              .filter(id -> !isRevoked(id) || random.nextInt(20) == 0)
              .toList();
      if (chosen.isEmpty()) {
        return;
      }
      int canary = random.nextInt(3);
      var waves = new ArrayList<List<HostId>>();
      int first = Math.min(canary, chosen.size());
      waves.add(chosen.subList(0, first));
      waves.add(chosen.subList(first, chosen.size()));
      waves.removeIf(List::isEmpty);
      String digest = "release" + random.nextInt(4);
      step(
          new Event.RolloutStarted(
              new Plan(
                  digest,
                  digest,
                  "all",
                  canary > 0,
                  waves.size(),
                  random.nextInt(3),
                  1 + random.nextInt(3),
                  Duration.ofMinutes(10),
                  Duration.ofMinutes(5),
                  policy(),
                  "op"),
              waves));
    }

    private boolean isRevoked(HostId id) {
      return state.host(id).filter(Host::revoked).isPresent();
    }

    private CommitPolicy policy() {
      return switch (random.nextInt(3)) {
        case 0 -> CommitPolicy.NEXT_NATURAL;
        case 1 -> CommitPolicy.IMMEDIATE;
        default -> CommitPolicy.TRUST;
      };
    }

    private void order() {
      if (state.rollouts().isEmpty()) {
        return;
      }
      var id = new RolloutId(1 + random.nextInt(state.rollouts().size()));
      var orders =
          List.of(
              RolloutSignal.PAUSE,
              RolloutSignal.RESUME,
              RolloutSignal.RESUME,
              RolloutSignal.ROLL_BACK,
              RolloutSignal.CANCEL);
      step(new Event.RolloutOrdered(id, orders.get(random.nextInt(orders.size())), "op", "wanted"));
    }

    private void step(Event event) {
      State before = state;
      Step step = Engine.step(before, event, now);
      state = step.state();
      check(before, step, event);
    }

    private void check(State before, Step step, Event event) {
      if (step.refusal().isPresent()) {
        assertThat(step.effects()).hasSize(1);
        assertThat(step.state()).isSameAs(before);
        return;
      }
      for (Host host : state.hosts().values()) {
        before
            .host(host.id())
            .ifPresent(
                old -> {
                  assertThat(host.desired().generation())
                      .as("5: %s", host.name())
                      .isGreaterThanOrEqualTo(old.desired().generation());
                  if (old.revoked()) {
                    assertThat(host).as("16").isEqualTo(old);
                  }
                  if (!host.desired().equals(old.desired())) {
                    assertThat(rolloutsThatMoved(host.id(), step))
                        .as("asked of %s only by its last rollout", host.name())
                        .allMatch(host::isIn);
                  }
                });
      }
      for (Rollout rollout : state.rollouts().values()) {
        check(before.rollout(rollout.id()), rollout, step);
      }
      long active = state.rollouts().values().stream().filter(r -> !r.state().isTerminal()).count();
      if (event instanceof Event.RolloutStarted && active > 1) {
        assertAtMostOneRolloutEach();
      }
    }

    private void assertAtMostOneRolloutEach() {
      Rollout newest = state.rollouts().lastEntry().getValue();
      for (Member member : newest.members()) {
        assertThat(state.host(member.host()).flatMap(Host::rollout)).hasValue(newest.id());
        for (Rollout other : state.rollouts().values()) {
          boolean holds =
              !other.id().equals(newest.id())
                  && other.state() == RolloutState.RUNNING
                  && other.member(member.host()).isPresent();
          assertThat(holds).as("10: %s in %s", member.host(), other.id()).isFalse();
        }
      }
    }

    private void check(Optional<Rollout> before, Rollout rollout, Step step) {
      seenRollouts.add(rollout.state());
      assertThat(rollout.openWave()).isLessThan(rollout.plan().waves());
      Map<HostState, Integer> counts = new HashMap<>();
      boolean granted = false;
      for (Member member : rollout.members()) {
        counts.merge(member.state(), 1, Integer::sum);
        seen.add(member.state());
        Optional<Member> old = before.flatMap(b -> b.member(member.host()));
        if (member.wave() > rollout.openWave()) {
          assertThat(member.state())
              .as("8: %s", member.host())
              .isIn(HostState.IDLE, HostState.REVOKED);
        }
        if (old.isEmpty() || old.get().state() == member.state()) {
          continue;
        }
        assertMovedByAnEvent(rollout, member, step);
        granted |= check(rollout, old.get(), member);
      }
      assertThat(counts.values().stream().mapToInt(i -> i).sum())
          .as("13")
          .isEqualTo(rollout.byHost().size());
      if (granted) {
        assertThat(rollout.occupied()).as("1").isLessThanOrEqualTo(rollout.plan().maxSwitching());
      }
      before
          .filter(old -> old.state() == RolloutState.HALTED)
          .ifPresent(old -> assertThat(rollout.state()).isNotEqualTo(RolloutState.RUNNING));
      before
          .filter(old -> old.state() != rollout.state())
          .ifPresent(
              old ->
                  assertThat(happened(step, "rollout." + rollout.state()))
                      .as("17: %s", rollout.state())
                      .isNotEmpty());
    }

    private boolean check(Rollout rollout, Member old, Member member) {
      Host host = state.host(member.host()).orElseThrow();
      boolean granted =
          member.state() == HostState.SWITCHING && old.state() == HostState.WAIT_LEASE;
      if (granted) {
        assertThat(reportedStaged.get(member.host()))
            .as("3: %s", member.host())
            .contains(member.target(rollout.plan()));
        assertThat(host.desired().want()).isEqualTo(Want.SWITCH);
      }
      if (member.state() == HostState.OFFERED && member.direction() == Direction.FORWARD) {
        assertThat(state.verdict(member.host(), rollout.plan().digest()).filter(Verdict::blocks))
            .as("6: %s", member.host())
            .isEmpty();
      }
      if (member.state() == HostState.COMMITTED && member.leaving().isPresent()) {
        Report report = host.report().orElseThrow();
        assertThat(report.runningDigest()).as("4").isEqualTo(member.target(rollout.plan()));
        if (old.state().isBeforeSwitch()) {
          boolean leftItsBoot =
              member.bootIdBefore().filter(boot -> !boot.equals(report.bootId())).isPresent();
          assertThat(member.direction() == Direction.BACK || leftItsBoot).as("4").isTrue();
          assertThat(host.desired().want()).as("4").isEqualTo(Want.IDLE);
        } else {
          assertThat(member.bootIdBefore()).as("4").isPresent();
          assertThat(report.bootId()).as("4").isNotEqualTo(member.bootIdBefore().get());
        }
        assertThat(member.proof()).as("4").isNotEqualTo(Proof.NONE);
      }
      return granted;
    }

    private static void assertMovedByAnEvent(Rollout rollout, Member member, Step step) {
      assertThat(happened(step, "host." + member.state()))
          .as("17: %s %s", member.host(), member.state())
          .anySatisfy(
              event -> {
                assertThat(event.host()).hasValue(member.host());
                assertThat(event.rollout()).hasValue(rollout.id());
              });
    }

    private static List<RolloutId> rolloutsThatMoved(HostId host, Step step) {
      return happened(step)
          .filter(event -> event.host().filter(host::equals).isPresent())
          .flatMap(event -> event.rollout().stream())
          .toList();
    }

    private static List<Effect.Happened> happened(Step step, String kind) {
      return happened(step).filter(event -> event.kind().equals(kind)).toList();
    }

    private static Stream<Effect.Happened> happened(Step step) {
      return step.effects().stream()
          .filter(Effect.Happened.class::isInstance)
          .map(Effect.Happened.class::cast);
    }

    /** No more faults: machines live and are heard, dead for good a few of them; time goes on. */
    private void heal() {
      List<Machine> alive = machines.stream().filter(m -> random.nextInt(8) > 0).toList();
      machines.forEach(machine -> machine.dead = !alive.contains(machine));
      for (int i = 0; i < 600; i++) {
        now = now.plusSeconds(10);
        machines.forEach(machine -> turn(machine, true));
        alive.forEach(machine -> machine.dead = false);
        step(new Event.TimePassed());
      }
      for (Rollout rollout : state.rollouts().values()) {
        boolean rests =
            rollout.state().isTerminal()
                || rollout.state() == RolloutState.PAUSED
                || rollout.state() == RolloutState.HALTED
                || waitsForASlotOrAPlace(rollout);
        assertThat(rests)
            .as("15: %s %s %s", rollout.id(), rollout.state(), rollout.members())
            .isTrue();
      }
      state.rollouts().keySet().forEach(this::end);
    }

    /** A person can end whatever has not come to an end. */
    private void end(RolloutId id) {
      if (state.rollout(id).orElseThrow().state() == RolloutState.RUNNING) {
        step(new Event.RolloutOrdered(id, RolloutSignal.PAUSE, "op", "enough"));
      }
      if (!state.rollout(id).orElseThrow().state().isTerminal()) {
        step(new Event.RolloutOrdered(id, RolloutSignal.CANCEL, "op", "enough"));
      }
      Rollout rollout = state.rollout(id).orElseThrow();
      assertThat(rollout.state().isTerminal()).as("15: %s %s", id, rollout.state()).isTrue();
      assertThat(rollout.members())
          .as("15: %s %s", id, rollout.state())
          .noneMatch(member -> member.state().isBeforeSwitch());
    }

    /** What only a person can end: no writable slot, or hosts lost for good hold all places. */
    private boolean waitsForASlotOrAPlace(Rollout rollout) {
      boolean noSlot =
          rollout.wave(rollout.openWave()).stream()
              .anyMatch(
                  m ->
                      m.state() == HostState.IDLE
                          && !state
                              .host(m.host())
                              .flatMap(Host::report)
                              .orElseThrow()
                              .hasWritableSlot());
      boolean lost =
          rollout.members().stream()
              .anyMatch(
                  m ->
                      m.state() == HostState.LOST
                          && HostTransitions.next(m.state(), HostSignal.CLEARED).isPresent());
      return (rollout.state() == RolloutState.RUNNING && noSlot) || lost;
    }
  }
}
