package dev.slipway.agent.switching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.agent.switching.Conclusion.State;
import dev.slipway.agent.switching.Event.Way;
import dev.slipway.boot.BootEnvironment;
import dev.slipway.linux.OperatorError;
import dev.slipway.release.Phase;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The next switch out of a slot that has passed its warm trial and waits for its cold one. */
class SwitchOutOfTrialTest extends HostWithNewSlot {
  @Test
  void aSwitchOutOfATrialThatCannotJumpLeavesTheTrialAsItWas() throws IOException {
    givenNewIsWarmGoodAndSmallIsReady();
    BootEnvironment before = environment();
    machine.jumpFails();
    assertThatThrownBy(() -> switchTo("small", Way.WARM, CommitPolicy.NEXT_NATURAL))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("systemctl kexec failed");
    assertThat(machine.deeds()).endsWith("unload");
    assertThat(environment()).isEqualTo(before);
    assertThat(reconciled().state()).isEqualTo(State.WARM_GOOD);
    assertThat(status().failure().orElseThrow().reason()).isEqualTo("jump-failed");
  }

  @Test
  void aColdSwitchOutOfATrialThatCannotRebootLeavesTheTrialDue() throws IOException {
    givenNewIsWarmGoodAndSmallIsReady();
    BootEnvironment before = environment();
    machine.restartFails();
    assertThatThrownBy(() -> switchTo("small", Way.COLD, CommitPolicy.NEXT_NATURAL))
        .isInstanceOf(OperatorError.class);
    assertThat(environment().trial()).isEqualTo(before.trial());
    assertThat(environment().transaction()).isEqualTo(before.transaction());
    assertThat(reconciled().state()).isEqualTo(State.WARM_GOOD);
  }

  @Test
  void aWarmSwitchOutOfATrialChangesNothingThatTheFirmwareReads() throws IOException {
    givenNewIsWarmGoodAndSmallIsReady();
    BootEnvironment before = environment();
    switchTo("small", Way.WARM, CommitPolicy.NEXT_NATURAL);
    assertThat(machine.deeds()).endsWith("jump");
    assertThat(environment()).isEqualTo(before);
  }

  @Test
  void aTrialThatWasLeftIsOverWhenTheNextOneHasPassed() throws IOException {
    givenNewIsWarmGoodAndSmallIsReady();
    String left = status().transaction();
    switchTo("small", Way.WARM, CommitPolicy.NEXT_NATURAL);
    boots("small", "warmtrial");
    passes();
    assertThat(environment().trial()).contains(new BootEnvironment.Trial("small", 3));
    assertThat(ending(left)).contains(new Event.RolledBack(left, "operator"));
    assertThat(status().phase()).isEqualTo(Phase.GOOD);
    assertThat(reconciled().state()).isEqualTo(State.WARM_GOOD);
  }

  @Test
  void aTrialThatWasLeftGoesOnWhenTheNextOneFails() throws IOException {
    givenNewIsWarmGoodAndSmallIsReady();
    String left = status().transaction();
    switchTo("small", Way.WARM, CommitPolicy.NEXT_NATURAL);
    boots("small", "warmtrial");
    fails("health:disk");
    assertThat(machine.deeds()).containsExactly("restart");
    assertThat(environment().trial()).contains(new BootEnvironment.Trial("new", 3));
    disk.boots("new", "coldtrial", left);
    host = new TestHost().on(disk);
    assertThat(reconciled().state()).isEqualTo(State.COLD_TRIAL);
    assertThat(ending(left)).isEmpty();
    passes();
    assertThat(environment().defaultSlot()).isEqualTo("new");
  }
}
