package dev.slipway.agent.switching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.agent.flash.Flash;
import dev.slipway.agent.slots.LockFile;
import dev.slipway.agent.slots.TestDisk;
import dev.slipway.agent.switching.Conclusion.State;
import dev.slipway.agent.switching.Event.Way;
import dev.slipway.boot.BootEnvironment;
import dev.slipway.boot.TransactionId;
import dev.slipway.filesystem.FileSystemKind;
import dev.slipway.filesystem.MkfsTools;
import dev.slipway.image.Image;
import dev.slipway.image.LocalImages;
import dev.slipway.linux.Command;
import dev.slipway.linux.Mount;
import dev.slipway.linux.OperatorError;
import dev.slipway.release.Phase;
import dev.slipway.release.Proof;
import dev.slipway.release.SlotRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole switches on a real disk; only the machine itself does not go down. */
class SwitchTest {
  @TempDir Path directory;
  private final List<String> said = new ArrayList<>();
  private TestDisk disk;
  private TestHost machine;
  private ThisHost host;

  @BeforeEach
  void make() throws IOException {
    disk = TestDisk.make(directory);
    machine = new TestHost();
    host = machine.on(disk);
    SlotRecord.Ready record = flash("new");
    // The slot old was made by the builder of the disk, which leaves the same record.
    assertThat(record.slot()).isEqualTo("new");
  }

  @AfterEach
  void close() {
    assertThat(disk.mounts()).as("mounts left behind").isEmpty();
    disk.close();
  }

  private SlotRecord.Ready flash(String slot) throws IOException {
    try (Image image = LocalImages.open("rootfs:" + disk.preparedOs(slot))) {
      return new Flash(host, MkfsTools.ofThisSystem(), said::add)
          .write(slot, image, Optional.of(FileSystemKind.EXT4), Optional.empty());
    }
  }

  /** The host comes up again in that slot. */
  private void boots(String slot, String mode) throws IOException {
    disk.boots(slot, mode, status().transaction());
    machine = new TestHost();
    host = machine.on(disk);
  }

  private Conclusion reconciled() {
    return new Reconciliation(host).run();
  }

  private HostStatus status() {
    return new StatusReport(host, "test").now();
  }

  private BootEnvironment environment() {
    return disk.environment().read().environment().orElseThrow();
  }

  private void switchTo(String slot, Way way, CommitPolicy policy) {
    new Switch(host, said::add).to(slot, way, policy);
  }

  private void passes() {
    judged(Optional.empty());
  }

  private void fails(String reason) {
    judged(Optional.of(reason));
  }

  private void judged(Optional<String> reason) {
    judged(reconciled(), reason);
  }

  private void judged(Conclusion seen, Optional<String> reason) {
    try {
      new Trial(host, said::add).judged(seen, reason, List.of());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

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
        .contains("root=PARTUUID=" + disk.partition("slipway-slot-new").uuid())
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

  private Optional<Event.Ending> ending(String transaction) {
    return host.journal().read().history().switchCalled(transaction).flatMap(Transaction::ending);
  }

  private void givenNewIsWarmGoodAndSmallIsReady() throws IOException {
    flash("small");
    switchTo("new", Way.WARM, CommitPolicy.NEXT_NATURAL);
    boots("new", "warmtrial");
    passes();
    assertThat(reconciled().state()).isEqualTo(State.WARM_GOOD);
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

  private void givenNewIsCommittedAndOldCameBefore() throws IOException {
    givenOldHasARecord();
    switchTo("new", Way.WARM, CommitPolicy.TRUST);
    boots("new", "warmtrial");
    passes();
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
  void refusesToGoBackWhereNothingWasBefore() {
    assertThatThrownBy(() -> new Rollback(host, said::add).run(Way.WARM))
        .isInstanceOfSatisfying(
            OperatorError.class, refusal -> assertThat(refusal.exitCode()).isEqualTo(3));
    assertThat(machine.deeds()).isEmpty();
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

  private void givenAMistakeInTheConfiguration() throws IOException {
    Files.writeString(host.roots().data().resolve("agent.conf"), "{\"comit\": \"trust\"}");
    host = machine.on(disk);
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
  void aMistakeInTheConfigurationTakesNoWayBackAway() throws IOException {
    givenNewIsCommittedAndOldCameBefore();
    givenAMistakeInTheConfiguration();
    new Rollback(host, said::add).run(Way.WARM);
    assertThat(machine.deeds()).endsWith("jump");
    assertThat(environment().defaultSlot()).isEqualTo("old");
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

  /** Writes an OS to the slot old while new runs, as the builder of the disk would have. */
  private void givenOldHasARecord() throws IOException {
    var start = environment();
    disk.environment().write(start.committed("new", start.transaction()));
    disk.boots("new", "committed", "");
    host = machine.on(disk);
    flash("old");
    disk.environment().write(environment().committed("old", start.transaction()));
    disk.boots("old", "committed", "");
    host = machine.on(disk);
  }
}
