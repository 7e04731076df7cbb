package dev.slipway.controller.fleet.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.release.Phase;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A host that comes back on its old slot is held against a release only if that was started. */
class CutSwitchTest {
  private final OneHost web1 = new OneHost();

  @BeforeEach
  void tellToSwitch() {
    web1.tellToSwitch("web2");
  }

  @Test
  void aHostThatWentDownBeforeTheJumpHasNotTriedTheRelease() {
    web1.machine.goDownBeforeTheJump("web2");
    web1.sync();

    assertNotTried("cut-before-jump");
    web1.order(1, RolloutSignal.CANCEL);
    web1.start("web2");
    assertThat(web1.in(2)).as("it is offered again").isEqualTo(HostState.OFFERED);
  }

  @Test
  void norHasOneThatWasTakenForLost() {
    web1.timePasses(OneHost.SWITCH_TIMEOUT);
    web1.machine.goDownBeforeTheJump("web2");
    web1.sync();

    assertNotTried("cut-before-jump");
  }

  @Test
  void norHasOneThatRefusedAndWentDownBeforeItCouldSaySo() {
    web1.machine.boot("committed");
    web1.machine.phase = Phase.FAILED;
    web1.machine.failure = Optional.of(new Failure("switch", "slot2 is damaged", "web2"));
    web1.sync();

    assertNotTried("slot2 is damaged");
  }

  @Test
  void aHostWhoseNewKernelWasNeverHeardHasFallenBack() {
    web1.machine.boot("committed");
    web1.machine.phase = Phase.ROLLEDBACK;
    web1.machine.failure = Optional.of(new Failure("checking", "trial-no-show", "web2"));
    web1.sync();

    assertThat(web1.in(1)).isEqualTo(HostState.ROLLED_BACK);
    assertThat(verdict().kind()).isEqualTo(Verdict.Kind.FAILED);
  }

  private void assertNotTried(String reason) {
    assertThat(web1.in(1)).isEqualTo(HostState.REFUSED);
    assertThat(verdict().kind()).isEqualTo(Verdict.Kind.NOT_TRIED);
    assertThat(verdict().reason()).isEqualTo(reason);
    assertThat(web1.host().desired().want()).as("the order is taken back").isEqualTo(Want.IDLE);
  }

  private Verdict verdict() {
    return web1.state.verdict(web1.machine.id, "web2").orElseThrow();
  }
}
