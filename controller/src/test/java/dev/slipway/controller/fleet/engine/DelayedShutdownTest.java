package dev.slipway.controller.fleet.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.release.Phase;
import dev.slipway.release.Proof;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A host whose shutdown is delayed for longer than a switch may take (as by an inhibitor lock of
 * systemd-logind) is heard all the time, and follows its order yet.
 */
class DelayedShutdownTest {
  private final OneHost web1 = new OneHost();

  @BeforeEach
  void delayTheShutdown() {
    web1.tellToSwitch("web2");
    stillSwitching();
    web1.timePasses(OneHost.SWITCH_TIMEOUT.minusSeconds(30));
    stillSwitching();
    web1.timePasses(Duration.ofSeconds(20));
  }

  @Test
  void itIsLostAndKeepsItsOrder() {
    assertLostWithItsOrder();

    stillSwitching();
    assertLostWithItsOrder();
    assertThat(web1.start("web3").refusal()).isPresent();
  }

  @Test
  void itIsGoodWhenItComesUpAfterAll() {
    web1.comeUp("slot2", Phase.GOOD, Proof.WARM);

    assertThat(web1.in(1)).isEqualTo(HostState.COMMITTED);
  }

  @Test
  void itHasNotSwitchedOnceItSaysThatItStays() {
    web1.machine.phase = Phase.FAILED;
    web1.machine.failure = Optional.of(new Failure("switching", "jump-failed", "web2"));
    web1.sync();

    assertThat(web1.in(1)).isEqualTo(HostState.REFUSED);
  }

  @Test
  void itIsNotBackOnWhatItIsAboutToLeave() {
    web1.clear();
    stillSwitching();
    web1.order(1, RolloutSignal.ROLL_BACK);
    assertThat(web1.rollout(1).state()).isEqualTo(RolloutState.ROLLING_BACK);

    web1.comeUp("slot2", Phase.GOOD, Proof.WARM);
    web1.sync();
    assertThat(web1.host().desired().want()).isEqualTo(Want.SWITCH);
    assertThat(web1.host().desired().digest()).isEqualTo("os1");
  }

  @Test
  void clearedItDoesNotWaitForItsTurnOnWhatItIsAboutToLeave() {
    var tolerated = new OneHost();
    tolerated.start("web2", false, 1);
    tolerated.followUntilToldToSwitch("web2");
    tolerated.order(1, RolloutSignal.PAUSE);
    tolerated.timePasses(OneHost.SWITCH_TIMEOUT);
    tolerated.clear();
    tolerated.machine.phase = Phase.SWITCHING;
    tolerated.sync();

    tolerated.order(1, RolloutSignal.RESUME);
    assertThat(tolerated.in(1)).isEqualTo(HostState.OFFERED);
    tolerated.machine.phase = Phase.SWITCHING;
    tolerated.sync();
    assertThat(tolerated.in(1)).isEqualTo(HostState.OFFERED);
  }

  private void assertLostWithItsOrder() {
    assertThat(web1.in(1)).isEqualTo(HostState.LOST);
    assertThat(web1.host().desired().want()).isEqualTo(Want.SWITCH);
  }

  private void stillSwitching() {
    web1.machine.phase = Phase.SWITCHING;
    web1.sync();
  }
}
