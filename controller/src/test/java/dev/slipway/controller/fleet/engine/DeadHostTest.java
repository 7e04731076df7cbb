package dev.slipway.controller.fleet.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.release.Phase;
import dev.slipway.release.Proof;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A host that is never heard again keeps no rollout, and no other host in it, for ever. */
class DeadHostTest {
  private static final Duration STAGE_TIMEOUT = Duration.ofHours(1);
  private static final Duration A_WHILE = Duration.ofMinutes(1);

  private final Machine web1 = new Machine("web1", "os1");
  private final Machine web2 = new Machine("web2", "os1");
  private State state = State.empty();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  DeadHostTest() {
    for (Machine machine : List.of(web1, web2)) {
      step(new Event.HostEnrolled(machine.id, machine.id.value(), new TreeMap<>()));
      sync(machine);
    }
  }

  @Test
  void aRollbackEndsThoughAHostDiedBeforeIt() {
    bringBothToTheRelease();
    order(1, RolloutSignal.ROLL_BACK);
    assertThat(in(1, web2)).isEqualTo(HostState.OFFERED);

    comeBack(web1);
    timePasses(STAGE_TIMEOUT);

    assertThat(in(1, web1)).isEqualTo(HostState.COMMITTED);
    assertThat(rollout(1).state()).isEqualTo(RolloutState.HALTED);
    assertThat(rollout(1).reason())
        .contains("could not be taken back: web2 staging failed (not staged after 60 min");
  }

  @Test
  void aRollbackEndsThoughAHostDiedWhileItWaitedForItsTurn() {
    bringBothToTheRelease();
    order(1, RolloutSignal.ROLL_BACK);
    sync(web1);
    sync(web2);
    assertThat(in(1, web1)).isEqualTo(HostState.SWITCHING);
    assertThat(in(1, web2)).isEqualTo(HostState.WAIT_LEASE);

    comeUp(web1, "slot1", Proof.COLD);
    timePasses(A_WHILE);
    assertThat(why(1)).contains("web2 may switch with the next sync; the first deadline is in 60");
    timePasses(STAGE_TIMEOUT);

    assertThat(in(1, web2)).isEqualTo(HostState.REFUSED);
    assertThat(rollout(1).state()).isEqualTo(RolloutState.HALTED);
    assertThat(rollout(1).reason())
        .contains(
            "could not be taken back: web2 did not switch (its turn to switch came, and it did not"
                + " ask within 60 min; last heard 61 min ago)");
    assertThat(state.verdict(web2.id, "os1").map(Verdict::kind)).hasValue(Verdict.Kind.NOT_TRIED);
  }

  @Test
  void aRolloutEndsThoughADeadHostHoldsTheReleaseAlready() {
    web2.other = "new";
    sync(web2);
    start("new", 1);
    assertThat(in(1, web2)).isEqualTo(HostState.OFFERED);

    bringToTheRelease(web1);
    timePasses(STAGE_TIMEOUT);

    assertThat(in(1, web2)).isEqualTo(HostState.STAGE_FAILED);
    assertThat(rollout(1).reason()).isEqualTo("1 of 2 hosts run new");
  }

  @Test
  void aHostThatWaitsForOthersIsGivenTheWholeTimeWhenItsTurnComes() {
    start("new", 1);
    stage(web1);
    stage(web2);
    assertThat(in(1, web2)).isEqualTo(HostState.WAIT_LEASE);

    timePasses(OneHost.SWITCH_TIMEOUT.minusSeconds(30));
    comeUp(web1, "slot2", Proof.WARM);
    timePasses(A_WHILE);
    timePasses(STAGE_TIMEOUT.minusSeconds(30));
    assertThat(in(1, web2)).isEqualTo(HostState.WAIT_LEASE);

    sync(web2);
    assertThat(in(1, web2)).isEqualTo(HostState.SWITCHING);
  }

  @Test
  void aHostHasTheWholeTimeAgainWhenItsRolloutWasStoppedInItsTurn() {
    start("new", 1);
    stage(web1);
    stage(web2);
    comeUp(web1, "slot2", Proof.WARM);
    timePasses(A_WHILE);

    order(1, RolloutSignal.PAUSE);
    timePasses(STAGE_TIMEOUT);
    order(1, RolloutSignal.RESUME);
    timePasses(A_WHILE);
    assertThat(in(1, web2)).isEqualTo(HostState.WAIT_LEASE);

    timePasses(STAGE_TIMEOUT);
    assertThat(in(1, web2)).isEqualTo(HostState.REFUSED);
    assertThat(rollout(1).reason()).isEqualTo("1 of 2 hosts run new");
  }

  @Test
  void aHostThatIsHeardWhenThereIsNoRoomIsExpectedAnewWhenThereIs() {
    start("new", 1);
    stage(web1);
    stage(web2);
    order(1, RolloutSignal.PAUSE);
    comeUp(web1, "slot2", Proof.WARM);
    order(1, RolloutSignal.RESUME);
    timePasses(A_WHILE);
    assertThat(member(1, web2).deadline()).isPresent();

    order(1, RolloutSignal.PAUSE);
    sync(web2);
    assertThat(member(1, web2).deadline()).isEmpty();
  }

  @Test
  void aRollbackThatIsCancelledLeavesHostsThatHaveNotSwitchedWhereTheyAre() {
    bringBothToTheRelease();
    order(1, RolloutSignal.ROLL_BACK);
    sync(web1);
    assertThat(in(1, web1)).isEqualTo(HostState.SWITCHING);

    assertThat(order(1, RolloutSignal.CANCEL).refusal()).isEmpty();
    assertThat(rollout(1).state()).isEqualTo(RolloutState.CANCELLED);
    assertThat(in(1, web2)).isEqualTo(HostState.IDLE);
    assertThat(member(1, web2).note()).isEqualTo("its way back was cancelled");
    assertThat(host(web2).desired().want()).isEqualTo(Want.IDLE);
    assertThat(host(web2).desired().digest()).isEqualTo("new");

    comeUp(web1, "slot1", Proof.COLD);
    assertThat(in(1, web1)).isEqualTo(HostState.COMMITTED);
    assertThat(start("newer", 1).refusal()).isEmpty();
  }

  private void bringBothToTheRelease() {
    start("new", 0);
    bringToTheRelease(web1);
    bringToTheRelease(web2);
    assertThat(rollout(1).state()).isEqualTo(RolloutState.SUCCEEDED);
  }

  private void bringToTheRelease(Machine machine) {
    stage(machine);
    assertThat(in(1, machine)).isEqualTo(HostState.SWITCHING);
    comeUp(machine, "slot2", Proof.WARM);
  }

  private void stage(Machine machine) {
    sync(machine);
    machine.other = "new";
    sync(machine);
  }

  private void comeBack(Machine machine) {
    sync(machine);
    comeUp(machine, "slot1", Proof.COLD);
  }

  private void comeUp(Machine machine, String slot, Proof proof) {
    machine.runningSlot = slot;
    machine.boot("warmtrial");
    machine.phase = Phase.GOOD;
    machine.proof = proof;
    sync(machine);
  }

  private void sync(Machine machine) {
    now = now.plusSeconds(1);
    step(new Event.HostSynced(machine.id, machine.report()));
    machine.hear(host(machine).desired());
  }

  private void timePasses(Duration time) {
    now = now.plus(time);
    step(new Event.TimePassed());
  }

  private Step start(String release, int maxFailed) {
    return step(
        new Event.RolloutStarted(
            new Plan(
                release,
                release,
                "all",
                false,
                1,
                maxFailed,
                1,
                STAGE_TIMEOUT,
                OneHost.SWITCH_TIMEOUT,
                CommitPolicy.TRUST,
                "op"),
            List.of(List.of(web1.id, web2.id))));
  }

  private Step order(long rollout, RolloutSignal order) {
    return step(new Event.RolloutOrdered(new RolloutId(rollout), order, "op", "wanted"));
  }

  private Step step(Event event) {
    Step step = Engine.step(state, event, now);
    state = step.state();
    return step;
  }

  private String why(long rollout) {
    return String.join(" ", WhyWaiting.sentences(state, rollout(rollout), now));
  }

  private Host host(Machine machine) {
    return state.host(machine.id).orElseThrow();
  }

  private Rollout rollout(long number) {
    return state.rollout(new RolloutId(number)).orElseThrow();
  }

  private Member member(long rollout, Machine machine) {
    return rollout(rollout).member(machine.id).orElseThrow();
  }

  private HostState in(long rollout, Machine machine) {
    return member(rollout, machine).state();
  }
}
