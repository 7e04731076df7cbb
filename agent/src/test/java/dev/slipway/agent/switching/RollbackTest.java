package dev.slipway.agent.switching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.agent.slots.LockFile;
import dev.slipway.agent.switching.Conclusion.State;
import dev.slipway.agent.switching.Event.Way;
import dev.slipway.boot.BootEnvironment;
import dev.slipway.boot.TransactionId;
import dev.slipway.linux.OperatorError;
import dev.slipway.release.Phase;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An operator goes back, also where a rollback was cut short. */
class RollbackTest extends HostWithNewSlot {
  @Test
  void anOperatorGoesBackFromACommittedSlotToTheOneBefore() throws IOException {
    givenOldHasARecord();
    switchTo("new", Way.WARM, CommitPolicy.TRUST);
    boots("new", "warmtrial");
    passes();
    new Rollback(host, said::add).run(Way.WARM);
    assertThat(machine.deeds().get(0))
        .contains("slipway.mode=rolledback")
        .contains("slipway.why=operator");
    assertThat(machine.deeds().get(1)).isEqualTo("jump");
    assertThat(environment().defaultSlot()).isEqualTo("old");
    boots("old", "rolledback");
    assertThat(reconciled().state()).isEqualTo(State.COMMITTED);
    assertThat(status().failure().orElseThrow().reason()).isEqualTo("operator");
    assertThat(status().phase()).isEqualTo(Phase.ROLLEDBACK);
  }

  @Test
  void anOperatorGoesBackOutOfAWarmTrial() throws IOException {
    givenOldHasARecord();
    switchTo("new", Way.WARM, CommitPolicy.NEXT_NATURAL);
    boots("new", "warmtrial");
    passes();
    new Rollback(host, said::add).run(Way.COLD);
    assertThat(machine.deeds()).containsExactly("restart");
    assertThat(environment().trial()).isEmpty();
    assertThat(environment().defaultSlot()).isEqualTo("old");
  }

  @Test
  void aRollbackWhoseKernelCannotBeLoadedChangesNothing() throws IOException {
    givenNewIsCommittedAndOldCameBefore();
    BootEnvironment before = environment();
    machine.loadBreaks();
    assertThatThrownBy(() -> new Rollback(host, said::add).run(Way.WARM))
        .isInstanceOf(IllegalStateException.class);
    assertThat(machine.deeds()).endsWith("unload");
    assertThat(environment()).isEqualTo(before);
    assertThat(reconciled().state()).isEqualTo(State.COMMITTED);
  }

  @Test
  void aRollbackThatCannotJumpGoesThroughTheFirmware() throws IOException {
    givenNewIsCommittedAndOldCameBefore();
    machine.jumpFails();
    new Rollback(host, said::add).run(Way.WARM);
    assertThat(machine.deeds()).endsWith("unload", "restart");
    assertThat(environment().defaultSlot()).isEqualTo("old");
  }

  @Test
  void aRollbackThatCannotLeaveAtAllKeepsTheDefault() throws IOException {
    givenNewIsCommittedAndOldCameBefore();
    machine.jumpFails().restartFails();
    assertThatThrownBy(() -> new Rollback(host, said::add).run(Way.WARM))
        .isInstanceOf(OperatorError.class);
    assertThat(environment().defaultSlot()).isEqualTo("new");
    assertThat(reconciled().state()).isEqualTo(State.COMMITTED);
    assertThat(status().failure().orElseThrow().reason()).isEqualTo("jump-failed");
  }

  @Test
  void aRollbackOutOfATrialThatCannotLeaveKeepsTheTrial() throws IOException {
    givenOldHasARecord();
    givenNewIsWarmGoodAndSmallIsReady();
    machine.jumpFails().restartFails();
    assertThatThrownBy(() -> new Rollback(host, said::add).run(Way.WARM))
        .isInstanceOf(OperatorError.class);
    assertThat(reconciled().state()).isEqualTo(State.WARM_GOOD);
    assertThat(environment().trial()).contains(new BootEnvironment.Trial("new", 3));
  }

  @Test
  void aMistakeInTheConfigurationTakesNoWayBackAway() throws IOException {
    givenNewIsCommittedAndOldCameBefore();
    givenAMistakeInTheConfiguration();
    new Rollback(host, said::add).run(Way.WARM);
    assertThat(machine.deeds()).endsWith("jump");
    assertThat(environment().defaultSlot()).isEqualTo("old");
  }

  @Test
  void refusesToGoBackWhereNothingWasBefore() {
    assertThatThrownBy(() -> new Rollback(host, said::add).run(Way.WARM))
        .isInstanceOfSatisfying(
            OperatorError.class, refusal -> assertThat(refusal.exitCode()).isEqualTo(3));
    assertThat(machine.deeds()).isEmpty();
  }

  /** As an agent leaves it that dies between the environment and the jump. */
  private void givenARollbackWasCutShort() throws IOException {
    givenNewIsCommittedAndOldCameBefore();
    TransactionId transaction = new TransactionId("01CUT");
    host.journal()
        .append(
            new Event.SwitchOrdered(
                transaction.text(),
                Event.Purpose.RETURN,
                Way.WARM,
                "new",
                "old",
                "new",
                "sha256:0",
                CommitPolicy.TRUST,
                host.bootId(),
                List.of()));
    disk.environment().write(environment().committed("old", transaction));
    assertThat(reconciled().state()).isEqualTo(State.LEAVING);
  }

  @Test
  void aRollbackThatWasCutShortIsGoneOnWith() throws IOException {
    givenARollbackWasCutShort();
    new Trial(host, said::add).resumeDeparture();
    assertThat(machine.deeds()).containsExactly("restart");
    boots("old", "committed");
    reconciled();
    assertThat(status().failure().orElseThrow().reason()).isEqualTo("operator");
    assertThat(environment().defaultSlot()).isEqualTo("old");
  }

  @Test
  void anOperatorMayGoOnWithARollbackThatWasCutShort() throws IOException {
    givenARollbackWasCutShort();
    new Rollback(host, said::add).run(Way.WARM);
    assertThat(machine.deeds()).containsExactly("restart");
    assertThat(environment().defaultSlot()).isEqualTo("old");
  }

  @Test
  void aSwitchRefusesWhileARollbackIsToBeGoneOnWith() throws IOException {
    givenARollbackWasCutShort();
    assertThatThrownBy(() -> switchTo("small", Way.WARM, CommitPolicy.TRUST))
        .hasMessageContaining("leave the running slot for slot old")
        .hasMessageContaining("agent rollback");
  }

  @Test
  void onlyADepartureThatNobodyIsAtWorkOnIsGoneOnWith() throws IOException {
    Trial trial = new Trial(host, said::add);
    trial.resumeDeparture();
    givenARollbackWasCutShort();
    try (LockFile.Held rollback = host.operation().take()) {
      new Trial(host, said::add).resumeDeparture();
    }
    assertThat(machine.deeds()).isEmpty();
  }
}
