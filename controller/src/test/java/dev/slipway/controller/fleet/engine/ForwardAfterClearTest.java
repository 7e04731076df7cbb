package dev.slipway.controller.fleet.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.release.Phase;
import dev.slipway.release.Proof;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A lost host that was written off is taken along again by its rollout, if it answers. */
class ForwardAfterClearTest {
  private final OneHost web1 = new OneHost();

  @BeforeEach
  void loseAndTakeAlong() {
    loseAndWriteOff(web1);
    web1.order(1, RolloutSignal.RESUME);
  }

  @Test
  void theRolloutDoesNotWaitForEverForOneThatIsDead() {
    assertThat(web1.in(1)).isEqualTo(HostState.OFFERED);

    web1.timePasses(Duration.ofHours(1));
    assertThat(web1.in(1)).isEqualTo(HostState.STAGE_FAILED);
    assertThat(web1.rollout(1).state()).isEqualTo(RolloutState.SUCCEEDED);
    assertThat(web1.rollout(1).reason()).isEqualTo("0 of 1 hosts run web2");
  }

  @Test
  void oneThatNeverMovedIsToldToSwitchAgain() {
    web1.sync();

    assertThat(web1.in(1)).isEqualTo(HostState.SWITCHING);
    assertThat(web1.host().desired().want()).isEqualTo(Want.SWITCH);
  }

  @Test
  void oneThatFollowedItsOrderAfterAllIsGoodOnceItHasHeardThatItWasWrittenOff() {
    web1.comeUp("slot2", Phase.CHECKING, Proof.NONE);
    assertThat(web1.in(1)).isEqualTo(HostState.OFFERED);

    web1.machine.phase = Phase.GOOD;
    web1.machine.proof = Proof.WARM;
    web1.sync();
    assertThat(web1.in(1)).isEqualTo(HostState.COMMITTED);
    assertThat(web1.rollout(1).reason()).isEqualTo("1 of 1 hosts run web2");
    assertThat(web1.host().desired().want()).isEqualTo(Want.IDLE);
    assertThat(web1.state.verdict(web1.machine.id, "web2").map(Verdict::kind))
        .hasValue(Verdict.Kind.GOOD_WARM);
  }

  @Test
  void oneThatFollowedItsOrderAndFellBackHasFailedWithTheRelease() {
    web1.machine.failColdTrial();
    web1.machine.failure = Optional.of(new Failure("checking", "health:web", "web2"));
    web1.sync();

    assertFellBack("health:web");
  }

  @Test
  void soHasOneThatGrubTookBack() {
    web1.machine.boot("rolledback");
    web1.sync();

    assertFellBack("it came back on slot1 (mode=rolledback, no reason is known)");
  }

  @Test
  void oneThatFellBackWhileItWasNotInTheRolloutHasFailedToo() {
    var paused = new OneHost();
    loseAndWriteOff(paused);
    paused.machine.boot("rolledback");
    paused.sync();
    paused.order(1, RolloutSignal.RESUME);
    paused.sync();

    assertThat(paused.in(1)).isEqualTo(HostState.ROLLED_BACK);
  }

  @Test
  void oneThatWentDownBeforeTheJumpIsToldToSwitchAgain() {
    web1.machine.goDownBeforeTheJump("web2");
    web1.machine.runningMode = "rolledback";
    web1.sync();

    assertThat(web1.in(1)).isEqualTo(HostState.SWITCHING);
  }

  @Test
  void oneThatFellBackAfterWhatAPersonHasClearedIsToldToSwitchAgain() {
    var drifted = new OneHost();
    drifted.start("web2", false, 1);
    drifted.followUntilToldToSwitch("web2");
    drifted.comeUp("slot2", Phase.CHECKING, Proof.NONE);
    drifted.order(1, RolloutSignal.PAUSE);
    drifted.timePasses(OneHost.SWITCH_TIMEOUT.minusSeconds(20));
    drifted.sync();
    drifted.timePasses(Duration.ofSeconds(20));
    assertThat(drifted.in(1)).isEqualTo(HostState.DRIFTED);
    drifted.machine.runningSlot = "slot1";
    drifted.machine.boot("rolledback");
    drifted.machine.phase = Phase.IDLE;
    drifted.sync();
    drifted.clear();

    drifted.order(1, RolloutSignal.RESUME);
    drifted.sync();
    assertThat(drifted.in(1)).isEqualTo(HostState.SWITCHING);
  }

  @Test
  void oneThatRunsTheReleaseWithoutHavingBeenToldToHasDrifted() {
    var other = new OneHost();
    other.start("web2", false, 1);
    other.machine.other = "web2";
    other.comeUp("slot2", Phase.GOOD, Proof.WARM);

    assertThat(other.in(1)).isEqualTo(HostState.DRIFTED);
  }

  private static void loseAndWriteOff(OneHost host) {
    host.start("web2", false, 1);
    host.followUntilToldToSwitch("web2");
    // Otherwise the rollout of this one host would be over with it.
    host.order(1, RolloutSignal.PAUSE);
    host.timePasses(OneHost.SWITCH_TIMEOUT);
    assertThat(host.in(1)).isEqualTo(HostState.LOST);
    host.clear();
  }

  private void assertFellBack(String reason) {
    assertThat(web1.in(1)).isEqualTo(HostState.ROLLED_BACK);
    assertThat(web1.host().desired().want()).isEqualTo(Want.IDLE);
    assertThat(web1.state.verdict(web1.machine.id, "web2"))
        .hasValueSatisfying(
            verdict -> {
              assertThat(verdict.kind()).isEqualTo(Verdict.Kind.FAILED);
              assertThat(verdict.reason()).isEqualTo(reason);
            });
  }
}
