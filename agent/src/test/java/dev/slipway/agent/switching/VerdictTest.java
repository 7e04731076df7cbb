package dev.slipway.agent.switching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.agent.slots.LockFile;
import dev.slipway.agent.switching.Conclusion.State;
import dev.slipway.agent.switching.Event.Way;
import dev.slipway.boot.BootEnvironment;
import dev.slipway.boot.TransactionId;
import dev.slipway.linux.Mount;
import dev.slipway.linux.OperatorError;
import dev.slipway.release.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How a trial ends: passed, failed, by an operator, or cut short by a shutdown. */
class VerdictTest extends HostWithNewSlot {
  @Test
  void aFailedCheckReturnsToTheOldSlotWithItsReason() throws IOException {
    switchTo("new", Way.WARM, CommitPolicy.NEXT_NATURAL);
    boots("new", "warmtrial");
    fails("health:disk");
    assertThat(machine.deeds()).containsExactly("restart");
    assertThat(status().failure().orElseThrow().reason()).isEqualTo("health:disk");

    boots("old", "committed");
    assertThat(reconciled().state()).isEqualTo(State.COMMITTED);
    assertThat(status().phase()).isEqualTo(Phase.ROLLEDBACK);
    assertThat(status().failure().orElseThrow().reason()).isEqualTo("health:disk");
    assertThat(environment().trial()).isEmpty();
  }

  @Test
  void aFailedColdCheckClearsTheTrialBeforeItReboots() throws IOException {
    switchTo("new", Way.COLD, CommitPolicy.NEXT_NATURAL);
    assertThat(machine.deeds()).containsExactly("restart");
    assertThat(environment().trial()).isPresent();
    boots("new", "coldtrial");
    fails("health:disk");
    assertThat(environment().trial()).isEmpty();
    boots("old", "committed");
    reconciled();
    assertThat(status().failure().orElseThrow().reason()).isEqualTo("cold-health:disk");
  }

  @Test
  void anOperatorTakesThePlaceOfTheChecks() throws IOException {
    switchTo("new", Way.WARM, CommitPolicy.NEXT_NATURAL);
    boots("new", "warmtrial");
    reconciled();
    new Trial(host, said::add).commit(Optional.of(CommitPolicy.TRUST));
    assertThat(environment().defaultSlot()).isEqualTo("new");
  }

  @Test
  void refusesToCommitWhereNothingIsOnTrial() {
    assertThatThrownBy(() -> new Trial(host, said::add).commit(Optional.empty()))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("slot old is not on trial");
  }

  @Test
  void theDeadlineIsLiftedOnceTheVerdictIsWritten() throws IOException {
    switchTo("new", Way.WARM, CommitPolicy.NEXT_NATURAL);
    boots("new", "warmtrial");
    passes();
    assertThat(host.roots().trialPassed()).exists();
    assertThat(host.roots().trialJudged()).doesNotExist();
  }

  /** An {@code agent commit} that died between the environment and the deadline. */
  @Test
  void theDeadlineIsLiftedForATrialThatSomebodyElsePassed() throws IOException {
    switchTo("new", Way.WARM, CommitPolicy.NEXT_NATURAL);
    boots("new", "warmtrial");
    Conclusion seen = reconciled();
    disk.environment().write(environment().trial("new", new TransactionId(status().transaction())));
    judged(seen, Optional.of("health:disk"));
    assertThat(reconciled().state()).isEqualTo(State.WARM_GOOD);
    assertThat(host.roots().trialPassed()).exists();
  }

  @Test
  void theDeadlineHoldsForAVerdictThatCannotBeWritten() throws IOException {
    switchTo("new", Way.WARM, CommitPolicy.NEXT_NATURAL);
    boots("new", "warmtrial");
    reconciled();
    Mount.remountReadOnly(host.roots().data());
    assertThatThrownBy(this::passes).hasMessageContaining("could not be written");
    assertThat(host.roots().trialPassed()).doesNotExist();
    assertThat(host.roots().trialJudged()).doesNotExist();
  }

  @Test
  void theDeadlineWaitsForAVerdictThatWaitsForAFlash() throws Exception {
    switchTo("new", Way.WARM, CommitPolicy.NEXT_NATURAL);
    boots("new", "warmtrial");
    Conclusion seen = reconciled();
    LockFile.Held flash = host.operation().take();
    CompletableFuture<Void> verdict =
        CompletableFuture.runAsync(() -> judged(seen, Optional.empty()));
    try (flash) {
      for (int i = 0; i < 500 && !Files.exists(host.roots().trialJudged()); i++) {
        Thread.sleep(10);
      }
      assertThat(host.roots().trialJudged()).exists();
      assertThat(host.roots().trialPassed()).doesNotExist();
    }
    verdict.get(10, TimeUnit.SECONDS);
    assertThat(host.roots().trialPassed()).exists();
  }

  @Test
  void aHangIsSurvivedAgainOnceTheTrialHasPassed() throws IOException {
    Path hang = host.roots().proc().resolve("sys/kernel/hung_task_panic");
    Files.writeString(hang, "1\n");
    switchTo("new", Way.WARM, CommitPolicy.NEXT_NATURAL);
    boots("new", "warmtrial");
    reconciled();
    assertThat(hang).hasContent("1");
    passes();
    assertThat(hang).hasContent("0");
  }

  @Test
  void whatTheOperatorSetsAfterTheTrialStays() throws IOException {
    Path hang = host.roots().proc().resolve("sys/kernel/hung_task_panic");
    switchTo("new", Way.WARM, CommitPolicy.NEXT_NATURAL);
    boots("new", "warmtrial");
    passes();
    Files.writeString(hang, "1\n");
    new Trial(host, said::add).resume(reconciled());
    assertThat(hang).hasContent("1");
  }

  @Test
  void aHangStillEndsATrialThatHasFailed() throws IOException {
    Path hang = host.roots().proc().resolve("sys/kernel/hung_task_panic");
    Files.writeString(hang, "1\n");
    switchTo("new", Way.WARM, CommitPolicy.NEXT_NATURAL);
    boots("new", "warmtrial");
    fails("health:disk");
    assertThat(hang).hasContent("1");
  }

  @Test
  void anOrderedShutdownInAColdTrialGivesItsTryBack() throws IOException {
    switchTo("new", Way.COLD, CommitPolicy.NEXT_NATURAL);
    bootsColdTrial();
    new Trial(host, said::add).interrupted();
    new Trial(host, said::add).interrupted();
    assertThat(environment().trial()).contains(new BootEnvironment.Trial("new", 3));
  }

  /** Such as one whose own services reboot it before the verdict. */
  @Test
  void aSlotThatOrdersItsShutdownAgainAndAgainComesToTheEndOfItsTries() throws IOException {
    switchTo("new", Way.COLD, CommitPolicy.NEXT_NATURAL);
    List<Integer> tries = new ArrayList<>();
    for (int boot = 0; boot < 6; boot++) {
      bootsColdTrial();
      new Trial(host, said::add).interrupted();
      tries.add(environment().trial().orElseThrow().tries());
    }
    assertThat(tries).containsExactly(3, 3, 3, 2, 1, 0);
  }

  /** GRUB counts the try down first. */
  private void bootsColdTrial() throws IOException {
    BootEnvironment due = environment();
    BootEnvironment.Trial trial = due.trial().orElseThrow();
    disk.environment()
        .write(
            new BootEnvironment(
                due.generation() + 1,
                due.defaultSlot(),
                Optional.of(new BootEnvironment.Trial(trial.slot(), trial.tries() - 1)),
                due.transaction()));
    boots(trial.slot(), "coldtrial");
    assertThat(reconciled().state()).isEqualTo(State.COLD_TRIAL);
  }
}
