package dev.slipway.controller.fleet.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.release.Phase;
import dev.slipway.release.Proof;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A release proved by kexec only is judged again when firmware boots it, however much later. */
class ColdTrialTest {
  private final OneHost web1 = new OneHost();

  @BeforeEach
  void proveByKexecOnly() {
    web1.tellToSwitch("web2");
    web1.comeUp("slot2", Phase.GOOD, Proof.WARM);
    web1.sync();
    web1.timePasses(Duration.ofDays(3));
    assertThat(web1.in(1)).isEqualTo(HostState.COMMITTED);
    assertThat(verdict().kind()).isEqualTo(Verdict.Kind.GOOD_WARM);
  }

  @Test
  void aHostThatFailsItsColdTrialHasFallenBackForItsOwnReason() {
    web1.machine.failColdTrial();
    web1.sync();

    assertThat(web1.host().report().orElseThrow().mode()).isEqualTo("committed");
    assertThat(web1.in(1)).isEqualTo(HostState.ROLLED_BACK);
    assertThat(web1.rollout(1).member(web1.machine.id).orElseThrow().failure())
        .hasValue(new Failure("checking", "cold-health:web", "web2"));
    assertThat(verdict().kind()).isEqualTo(Verdict.Kind.FAILED);
    assertThat(verdict().reason()).isEqualTo("cold-health:web");
  }

  @Test
  void theReleaseIsNotOfferedAgain() {
    web1.machine.failColdTrial();
    web1.sync();

    web1.start("web2");
    assertThat(web1.in(2)).isEqualTo(HostState.QUARANTINED);
  }

  @Test
  void aPersonWhoTookItBackHasNothingAgainstTheRelease() {
    web1.machine.failColdTrial();
    web1.machine.failure = Optional.of(new Failure("checking", "operator", "web2"));
    web1.sync();

    assertThat(web1.in(1)).isEqualTo(HostState.DRIFTED);
    assertThat(verdict().kind()).isEqualTo(Verdict.Kind.GOOD_WARM);
  }

  private Verdict verdict() {
    return web1.state.verdict(web1.machine.id, "web2").orElseThrow();
  }
}
