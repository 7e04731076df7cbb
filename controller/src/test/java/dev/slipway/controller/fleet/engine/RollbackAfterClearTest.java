package dev.slipway.controller.fleet.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.release.Phase;
import dev.slipway.release.Proof;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** To clear a host is no reason to leave it on a release that is rolled back. */
class RollbackAfterClearTest {
  private final OneHost web1 = new OneHost();

  @BeforeEach
  void tellToSwitch() {
    web1.tellToSwitch("web2");
  }

  @Test
  void aHostThatProvedNothingAndWasClearedIsTakenBack() {
    web1.comeUp("slot2", Phase.CHECKING, Proof.NONE);
    web1.timePasses(OneHost.SWITCH_TIMEOUT.minusSeconds(20));
    web1.sync();
    web1.timePasses(Duration.ofSeconds(20));
    assertThat(web1.in(1)).isEqualTo(HostState.DRIFTED);
    web1.clear();

    web1.order(1, RolloutSignal.ROLL_BACK);
    assertThat(web1.rollout(1).state()).isEqualTo(RolloutState.ROLLING_BACK);
    assertTakenBack();
  }

  @Test
  void aLostHostThatWasWrittenOffIsTakenBackWhenItCameUpOnTheRelease() {
    web1.timePasses(OneHost.SWITCH_TIMEOUT);
    assertThat(web1.in(1)).isEqualTo(HostState.LOST);
    web1.clear();
    web1.comeUp("slot2", Phase.GOOD, Proof.WARM);

    web1.order(1, RolloutSignal.ROLL_BACK);
    assertTakenBack();
  }

  @Test
  void aLostHostThatWasWrittenOffAndNeverMovedIsBack() {
    web1.timePasses(OneHost.SWITCH_TIMEOUT);
    web1.clear();
    web1.sync();

    web1.order(1, RolloutSignal.ROLL_BACK);
    assertThat(web1.rollout(1).state()).isEqualTo(RolloutState.ROLLED_BACK);
  }

  @Test
  void aHostLostOnItsWayBackAndWrittenOffIsReportedAsNotBack() {
    web1.comeUp("slot2", Phase.GOOD, Proof.WARM);
    web1.order(1, RolloutSignal.ROLL_BACK);
    web1.sync();
    web1.timePasses(OneHost.SWITCH_TIMEOUT);
    assertThat(web1.in(1)).isEqualTo(HostState.LOST);
    web1.clear();
    assertThat(web1.rollout(1).state()).isEqualTo(RolloutState.ROLLING_BACK);

    web1.timePasses(Duration.ofHours(1));
    assertThat(web1.rollout(1).state()).isEqualTo(RolloutState.HALTED);
    assertThat(web1.rollout(1).reason()).contains("could not be taken back: web1 staging failed");
  }

  private void assertTakenBack() {
    web1.sync();
    assertThat(web1.host().desired().want()).isEqualTo(Want.SWITCH);
    assertThat(web1.host().desired().digest()).isEqualTo("os1");
    web1.comeUp("slot1", Phase.GOOD, Proof.COLD);
    assertThat(web1.rollout(1).state()).isEqualTo(RolloutState.ROLLED_BACK);
  }
}
