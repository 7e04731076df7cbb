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
  void aLostHostThatWasWrittenOffIsNotTakenAtItsWordFromBeforeItLeft() {
    loseAndWriteOff();

    web1.order(1, RolloutSignal.ROLL_BACK);
    assertThat(web1.rollout(1).state()).isEqualTo(RolloutState.ROLLING_BACK);
    web1.timePasses(Duration.ofHours(1));
    assertThat(web1.rollout(1).state()).isEqualTo(RolloutState.HALTED);
    assertThat(web1.rollout(1).reason()).contains("could not be taken back: web1 staging failed");
  }

  @Test
  void aLostHostThatComesUpOnTheReleaseAfterTheRollbackBeganIsTakenBack() {
    loseAndWriteOff();
    web1.order(1, RolloutSignal.ROLL_BACK);

    web1.comeUp("slot2", Phase.GOOD, Proof.WARM);
    assertTakenBack();
  }

  @Test
  void aLostHostThatComesUpOnItsOldOsAfterTheRollbackBeganIsBackOnceItHasHeardSo() {
    loseAndWriteOff();
    web1.order(1, RolloutSignal.ROLL_BACK);

    web1.machine.boot("committed");
    web1.sync();
    assertThat(web1.in(1)).isEqualTo(HostState.OFFERED);
    web1.sync();
    assertThat(web1.in(1)).isEqualTo(HostState.COMMITTED);
    assertThat(web1.host().desired().want()).isEqualTo(Want.IDLE);
    assertThat(web1.host().desired().digest()).isEqualTo("os1");
    assertThat(web1.rollout(1).state()).isEqualTo(RolloutState.ROLLED_BACK);
  }

  @Test
  void norIsOneThatTheRolloutOfferedTheReleaseAgainSince() {
    var tolerated = new OneHost();
    tolerated.start("web2", false, 1);
    tolerated.followUntilToldToSwitch("web2");
    tolerated.order(1, RolloutSignal.PAUSE);
    tolerated.timePasses(OneHost.SWITCH_TIMEOUT);
    assertThat(tolerated.in(1)).isEqualTo(HostState.LOST);
    tolerated.clear();
    tolerated.order(1, RolloutSignal.RESUME);
    assertThat(tolerated.in(1)).isEqualTo(HostState.OFFERED);

    tolerated.order(1, RolloutSignal.ROLL_BACK);
    assertThat(tolerated.rollout(1).state()).isEqualTo(RolloutState.ROLLING_BACK);
  }

  @Test
  void aHostThatWasNeverToldToSwitchIsBackWithoutAWord() {
    var offered = new OneHost();
    offered.start("web2");
    assertThat(offered.in(1)).isEqualTo(HostState.OFFERED);

    offered.order(1, RolloutSignal.ROLL_BACK);
    assertThat(offered.rollout(1).state()).isEqualTo(RolloutState.ROLLED_BACK);
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

  private void loseAndWriteOff() {
    web1.timePasses(OneHost.SWITCH_TIMEOUT);
    assertThat(web1.in(1)).isEqualTo(HostState.LOST);
    web1.clear();
  }

  private void assertTakenBack() {
    web1.sync();
    assertThat(web1.host().desired().want()).isEqualTo(Want.SWITCH);
    assertThat(web1.host().desired().digest()).isEqualTo("os1");
    web1.comeUp("slot1", Phase.GOOD, Proof.COLD);
    assertThat(web1.rollout(1).state()).isEqualTo(RolloutState.ROLLED_BACK);
  }
}
