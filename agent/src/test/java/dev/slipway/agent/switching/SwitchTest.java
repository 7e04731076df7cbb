package dev.slipway.agent.switching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.agent.switching.Conclusion.State;
import dev.slipway.agent.switching.Event.Way;
import dev.slipway.boot.BootEnvironment;
import dev.slipway.linux.Command;
import dev.slipway.linux.OperatorError;
import dev.slipway.release.Phase;
import dev.slipway.release.Proof;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A slot is switched to, proved warm and cold, and committed. */
class SwitchTest extends HostWithNewSlot {
  @Test
  void theStatusIsOfOneMomentEvenWhenASwitchIsOrderedMeanwhile() {
    machine.meanwhile(
        () ->
            host.journal()
                .append(
                    new Event.SwitchOrdered(
                        "t9",
                        Event.Purpose.TRIAL,
                        Way.WARM,
                        "old",
                        "new",
                        "old",
                        "sha256:9",
                        CommitPolicy.TRUST,
                        host.bootId(),
                        List.of())));
    HostStatus during = status();
    assertThat(during.transaction()).isEmpty();
    assertThat(during.phase()).isEqualTo(Phase.STAGED);
  }

  @Test
  void aWarmSwitchChangesNothingThatTheFirmwareReads() {
    BootEnvironment before = environment();
    switchTo("new", Way.WARM, CommitPolicy.NEXT_NATURAL);
    assertThat(machine.deeds()).hasSize(2);
    assertThat(machine.deeds().get(0))
        .startsWith("load ")
        .contains("root=PARTUUID=" + disk.partition("slipway-slot-new").id())
        .contains("slipway.slot=new")
        .contains("slipway.mode=warmtrial")
        .contains("slipway.txn=" + status().transaction())
        .contains("console=ttyS0")
        .contains("panic=10")
        .doesNotContain("slipway.slot=old");
    assertThat(machine.deeds().get(1)).isEqualTo("jump");
    assertThat(environment()).isEqualTo(before);
    assertThat(status().phase()).isEqualTo(Phase.SWITCHING);
  }

  /** Also when it takes a while between the order and the shutdown. */
  @Test
  void nobodyTakesASwitchThatWasOrderedForOneThatDidNotHappen() {
    switchTo("new", Way.WARM, CommitPolicy.NEXT_NATURAL);
    assertThat(reconciled().state()).isEqualTo(State.SWITCHING);
    assertThat(status().failure()).isEmpty();
    assertThat(machine.deeds()).endsWith("jump");
  }

  @Test
  void nobodyTakesAColdSwitchThatWasOrderedForOneThatDidNotHappen() {
    switchTo("new", Way.COLD, CommitPolicy.NEXT_NATURAL);
    assertThat(reconciled().state()).isEqualTo(State.SWITCHING);
    assertThat(environment().trial()).contains(new BootEnvironment.Trial("new", 3));
  }

  @Test
  void provesASlotWarmThenColdThenItIsTheDefault() throws IOException {
    switchTo("new", Way.WARM, CommitPolicy.NEXT_NATURAL);
    boots("new", "warmtrial");
    assertThat(reconciled().state()).isEqualTo(State.WARM_TRIAL);
    assertThat(status().phase()).isEqualTo(Phase.CHECKING);

    passes();
    assertThat(status().phase()).isEqualTo(Phase.GOOD);
    assertThat(status().proof()).isEqualTo(Proof.WARM);
    assertThat(environment().defaultSlot()).isEqualTo("old");
    assertThat(environment().trial()).contains(new BootEnvironment.Trial("new", 3));
    assertThat(machine.deeds()).isEmpty();

    boots("new", "coldtrial");
    assertThat(reconciled().state()).isEqualTo(State.COLD_TRIAL);
    passes();
    assertThat(environment().defaultSlot()).isEqualTo("new");
    assertThat(environment().trial()).isEmpty();
    assertThat(status().proof()).isEqualTo(Proof.COLD);
    assertThat(status().failure()).isEmpty();
  }

  @Test
  void trustNeedsNoColdProof() throws IOException {
    switchTo("new", Way.WARM, CommitPolicy.TRUST);
    boots("new", "warmtrial");
    passes();
    assertThat(environment().defaultSlot()).isEqualTo("new");
    assertThat(machine.deeds()).isEmpty();
    assertThat(status().proof()).isEqualTo(Proof.WARM);
  }

  @Test
  void immediateGetsTheColdProofAtOnce() throws IOException {
    switchTo("new", Way.WARM, CommitPolicy.IMMEDIATE);
    boots("new", "warmtrial");
    passes();
    assertThat(environment().trial()).isPresent();
    assertThat(machine.deeds()).containsExactly("restart");
  }

  @Test
  void aMistakeInTheConfigurationIsToldByTheStatus() throws IOException {
    givenAMistakeInTheConfiguration();
    assertThat(status().notes())
        .singleElement()
        .satisfies(note -> assertThat(note).contains("agent.conf", "comit"));
  }

  @Test
  void noTrialIsBegunWithAMistakeInTheConfiguration() throws IOException {
    givenAMistakeInTheConfiguration();
    assertRefused("new", "agent.conf is not understood");
  }

  @Test
  void refusesASlotThatHoldsNothing() {
    assertRefused("small", "Slot small is empty");
  }

  @Test
  void refusesTheRunningSlot() {
    assertRefused("old", "Slot old is running already");
  }

  @Test
  void refusesASlotWhoseKernelIsNotTheVerifiedOne() {
    Command.of(
            "debugfs",
            "-w",
            "-R",
            "rm /boot/slipway/initrd",
            disk.device("slipway-slot-new").toString())
        .run();
    assertRefused("new", "has no /boot/slipway/initrd any more");
  }

  private void assertRefused(String slot, String why) {
    assertThatThrownBy(() -> switchTo(slot, Way.WARM, CommitPolicy.NEXT_NATURAL))
        .isInstanceOfSatisfying(
            OperatorError.class,
            refusal -> {
              assertThat(refusal.exitCode()).isEqualTo(3);
              assertThat(refusal.getMessage()).contains(why);
            });
    assertThat(host.journal().read().history().switches()).isEmpty();
    assertThat(machine.deeds()).isEmpty();
  }
}
