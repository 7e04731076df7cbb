package dev.slipway.controller.fleet.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.release.Phase;
import dev.slipway.release.Proof;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * A host that was told to switch belongs to that rollout until it is judged or written off,
 * cancelled or not.
 */
class UnjudgedHostTest {
  private final OneHost web1 = new OneHost();

  @Test
  void aHostThatStillSwitchesIsTakenIntoNoOtherRollout() {
    web1.tellToSwitch("web2");
    web1.cancel(1);
    assertThat(web1.in(1)).isEqualTo(HostState.SWITCHING);

    assertThat(web1.start("web3").refusal())
        .hasValueSatisfying(
            refused ->
                assertThat(refused.sentence())
                    .isEqualTo(
                        "web1 is still switching in r1 (cancelled); wait until it is judged."));

    web1.comeUp("slot2", Phase.GOOD, Proof.WARM);
    assertThat(web1.in(1)).isEqualTo(HostState.COMMITTED);
    assertThat(web1.start("web3").refusal()).isEmpty();
  }

  @Test
  void aLostHostIsTakenIntoNoOtherRolloutUntilAPersonWritesItOff() {
    web1.tellToSwitch("web2");
    web1.cancel(1);
    web1.timePasses(OneHost.SWITCH_TIMEOUT);
    assertThat(web1.in(1)).isEqualTo(HostState.LOST);
    assertThat(web1.start("web3").refusal())
        .hasValueSatisfying(
            refused ->
                assertThat(refused.sentence())
                    .startsWith("web1 is lost in r1 (cancelled)")
                    .contains("controller host clear web1 --reason"));

    web1.clear();
    assertThat(web1.start("web3").refusal()).isEmpty();
  }

  @Test
  void aLostHostThatFollowsItsOrderAfterAllIsJudgedByItsOwnRollout() {
    web1.tellToSwitch("web2");
    web1.cancel(1);
    web1.timePasses(OneHost.SWITCH_TIMEOUT);
    web1.start("web3");

    web1.comeUp("slot2", Phase.GOOD, Proof.WARM);
    assertThat(web1.in(1)).isEqualTo(HostState.COMMITTED);
    assertThat(web1.start("web3").refusal()).isEmpty();
  }

  @Test
  void aLostHostThatWasRevokedIsAskedForNothingMore() {
    web1.tellToSwitch("web2");
    web1.cancel(1);
    web1.timePasses(OneHost.SWITCH_TIMEOUT);
    web1.revoke();
    Desired before = web1.host().desired();

    assertThat(web1.clear().refusal())
        .hasValueSatisfying(
            refused -> assertThat(refused.sentence()).startsWith("web1 (revoked 1) is revoked"));
    assertThat(web1.host().desired()).isEqualTo(before);
  }

  @Test
  void anEarlierRolloutDoesNotTakeBackAHostThatStillSwitches() {
    web1.tellToSwitch("web2");
    web1.comeUp("slot2", Phase.GOOD, Proof.WARM);
    assertThat(web1.rollout(1).state()).isEqualTo(RolloutState.SUCCEEDED);
    // Its other slot holds what it came from; asked for that again it has only to switch.
    web1.start("os1");
    web1.sync();
    web1.cancel(2);
    assertThat(web1.in(2)).isEqualTo(HostState.SWITCHING);

    assertThat(web1.order(1, RolloutSignal.ROLL_BACK).refusal())
        .hasValueSatisfying(refused -> assertThat(refused.sentence()).contains("still switch"));
    assertThat(web1.host().rollout()).hasValue(new RolloutId(2));
  }

  @Test
  void aDeadlineOfAnEarlierRolloutLeavesTheOrderOfALaterOneAlone() {
    web1.tellToSwitch("web2");
    web1.cancel(1);
    web1.timePasses(OneHost.SWITCH_TIMEOUT.minusSeconds(20));
    web1.sync();
    // As a controller without this rule left it in its database.
    web1.state = web1.state.with(web1.host().in(new RolloutId(2)));
    Desired before = web1.host().desired();

    web1.timePasses(Duration.ofSeconds(20));

    assertThat(web1.host().desired()).isEqualTo(before);
    assertThat(web1.state.verdicts()).isEmpty();
  }
}
