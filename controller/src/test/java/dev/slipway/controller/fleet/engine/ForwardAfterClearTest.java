package dev.slipway.controller.fleet.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.release.Phase;
import dev.slipway.release.Proof;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A lost host that was written off is taken along again by its rollout, if it answers. */
class ForwardAfterClearTest {
  private final OneHost web1 = new OneHost();

  @BeforeEach
  void loseAndWriteOff() {
    web1.start("web2", false, 1);
    web1.followUntilToldToSwitch("web2");
    // Otherwise the rollout of this one host would be over with it.
    web1.order(1, RolloutSignal.PAUSE);
    web1.timePasses(OneHost.SWITCH_TIMEOUT);
    assertThat(web1.in(1)).isEqualTo(HostState.LOST);
    web1.clear();
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
  void oneThatRunsTheReleaseWithoutHavingBeenToldToHasDrifted() {
    var other = new OneHost();
    other.start("web2", false, 1);
    other.machine.other = "web2";
    other.comeUp("slot2", Phase.GOOD, Proof.WARM);

    assertThat(other.in(1)).isEqualTo(HostState.DRIFTED);
  }
}
