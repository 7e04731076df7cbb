package dev.slipway.agent.switching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.agent.switching.Conclusion.State;
import dev.slipway.agent.switching.Event.Way;
import dev.slipway.boot.BootEnvironment;
import dev.slipway.linux.OperatorError;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A switch that cannot leave the running slot is taken back, and told. */
class DepartureTest extends HostWithNewSlot {
  @Test
  void goesThroughTheFirmwareWhenKexecIsRefusedAndSaysSo() {
    machine.kexecRefuses("The running kernel does not permit kexec.");
    switchTo("new", Way.WARM, CommitPolicy.NEXT_NATURAL);
    assertThat(machine.deeds()).containsExactly("restart");
    assertThat(environment().trial()).contains(new BootEnvironment.Trial("new", 3));
    assertThat(said).anyMatch(sentence -> sentence.contains("does not permit kexec"));
  }

  @Test
  void leavesNoKernelLoadedWhenTheJumpCannotBeStarted() {
    machine.jumpFails();
    assertThatThrownBy(() -> switchTo("new", Way.WARM, CommitPolicy.NEXT_NATURAL))
        .isInstanceOf(OperatorError.class);
    assertThat(machine.deeds()).endsWith("unload");
    assertThat(reconciled().state()).isEqualTo(State.COMMITTED);
    assertThat(status().failure().orElseThrow().reason()).isEqualTo("jump-failed");
  }

  /** Such as of a systemctl that a signal ended before it had delivered the order. */
  @Test
  void aSwitchWhoseShutdownDoesNotComeIsTakenBackAndTold() {
    machine.shutdownGetsLost();
    assertThatThrownBy(() -> switchImpatiently(Way.WARM))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("did not begin");
    assertThat(machine.deeds()).endsWith("jump", "unload");
    assertThat(reconciled().state()).isEqualTo(State.COMMITTED);
    assertThat(status().failure().orElseThrow().reason()).isEqualTo("jump-failed");
  }

  @Test
  void aColdSwitchWhoseShutdownDoesNotComeIsTakenBackAndTold() {
    machine.shutdownGetsLost();
    assertThatThrownBy(() -> switchImpatiently(Way.COLD)).hasMessageContaining("did not begin");
    assertThat(environment().trial()).isEmpty();
    assertThat(status().failure().orElseThrow().reason()).isEqualTo("jump-failed");
  }

  private void switchImpatiently(Way way) {
    new Switch(host, said::add, new Departure(host, said::add, Duration.ofMillis(300)))
        .to("new", way, CommitPolicy.NEXT_NATURAL);
  }

  @Test
  void leavesNoKernelLoadedWhenLoadingEndsByAnErrorThatNobodyExpects() {
    machine.loadBreaks();
    assertThatThrownBy(() -> switchTo("new", Way.WARM, CommitPolicy.NEXT_NATURAL))
        .isInstanceOf(IllegalStateException.class);
    assertThat(machine.deeds()).hasSize(2).endsWith("unload");
    assertThat(reconciled().state()).isEqualTo(State.COMMITTED);
    assertThat(status().failure().orElseThrow().reason()).isEqualTo("jump-failed");
  }
}
