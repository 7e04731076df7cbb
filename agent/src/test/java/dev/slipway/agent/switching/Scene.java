package dev.slipway.agent.switching;

import dev.slipway.agent.switching.Event.Purpose;
import dev.slipway.agent.switching.Event.Stage;
import dev.slipway.agent.switching.Event.Way;
import dev.slipway.boot.BootArguments;
import dev.slipway.boot.BootEnvironment;
import dev.slipway.boot.BootMode;
import dev.slipway.boot.EnvironmentCopy;
import dev.slipway.boot.EnvironmentStore.Reading;
import dev.slipway.boot.TransactionId;
import dev.slipway.disk.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * What a crash left behind, set up piece by piece: slot A is the default, a switch T goes to slot
 * B.
 */
final class Scene {
  static final String T = "01TESTSWITCH";
  static final String SECOND = "01TESTTSECOND";
  static final TransactionId SWITCH = new TransactionId(T);
  static final BootEnvironment BEFORE =
      BootEnvironment.first("slot-a", new TransactionId("01BUILD"));
  static final BootEnvironment ON_TRIAL = BEFORE.trial("slot-b", SWITCH);
  static final BootEnvironment COMMITTED = ON_TRIAL.committed("slot-b", SWITCH);

  private final List<Event> journal = new ArrayList<>();
  private EnvironmentCopy first = new EnvironmentCopy.Valid(BEFORE);
  private EnvironmentCopy second = new EnvironmentCopy.Valid(BEFORE);
  private BootArguments boot = arguments("slot-a", BootMode.COMMITTED, "", "");
  private String bootId = "boot-2";
  private boolean panic;
  private Optional<LastWords> lastWords = Optional.empty();

  static Scene ordered() {
    return new Scene().journal(order(Purpose.TRIAL, Way.WARM));
  }

  static Scene orderedCold() {
    return new Scene().journal(order(Purpose.TRIAL, Way.COLD));
  }

  static Event.SwitchOrdered order(Purpose purpose, Way way) {
    return new Event.SwitchOrdered(
        T,
        purpose,
        way,
        "slot-a",
        "slot-b",
        "slot-a",
        "sha256:0",
        CommitPolicy.NEXT_NATURAL,
        "boot-1",
        List.of());
  }

  /** Out of the trial of T, which runs in boot-w or boot-c, to somewhere else. */
  static Event.SwitchOrdered second(Purpose purpose, Way way, String to, String boot) {
    return new Event.SwitchOrdered(
        SECOND,
        purpose,
        way,
        "slot-b",
        to,
        "slot-a",
        "sha256:0",
        CommitPolicy.NEXT_NATURAL,
        boot,
        List.of());
  }

  Scene boot(String id) {
    bootId = id;
    return this;
  }

  static Event jumped() {
    return new Event.Jumping(T, false);
  }

  static Event up(BootMode mode, String boot) {
    return new Event.TrialUp(T, "slot-b", mode.token(), boot);
  }

  static Event judged(Stage stage, String reason, String boot) {
    return new Event.Judged(T, stage, reason.isEmpty(), reason, List.of(), boot);
  }

  static Event due() {
    return new Event.ColdTrialDue(T, "slot-b");
  }

  Scene journal(Event... events) {
    journal.addAll(List.of(events));
    return this;
  }

  Scene environment(BootEnvironment both) {
    return copies(new EnvironmentCopy.Valid(both), new EnvironmentCopy.Valid(both));
  }

  Scene copies(EnvironmentCopy one, EnvironmentCopy other) {
    first = one;
    second = other;
    return this;
  }

  static EnvironmentCopy whole(BootEnvironment environment) {
    return new EnvironmentCopy.Valid(environment);
  }

  static EnvironmentCopy torn() {
    return new EnvironmentCopy.Damaged("its generation is torn", false, OptionalLong.empty());
  }

  static BootEnvironment triesLeft(int tries) {
    return new BootEnvironment(
        ON_TRIAL.generation(),
        "slot-a",
        Optional.of(new BootEnvironment.Trial("slot-b", tries)),
        SWITCH);
  }

  Scene runs(String slot, BootMode mode, String why) {
    boot = arguments(slot, mode, why, mode == BootMode.COMMITTED ? "" : T);
    return this;
  }

  Scene sameBoot() {
    bootId = "boot-1";
    return this;
  }

  Scene panicRecorded() {
    panic = true;
    return this;
  }

  Scene lastWords(String transaction, String reason) {
    lastWords = Optional.of(new LastWords(transaction, reason));
    return this;
  }

  private static BootArguments arguments(String slot, BootMode mode, String why, String txn) {
    return new BootArguments(
        slot, PartitionId.of(UUID.nameUUIDFromBytes(new byte[] {1})), mode, why, txn);
  }

  Conclusion conclude() {
    return Conclusion.of(
        Reading.of(first, second),
        boot,
        History.of(journal),
        new Evidence(bootId, panic, lastWords, false, false));
  }

  /** Makes the repairs, as the agent does. */
  Scene repaired() {
    Conclusion.Repairs repairs = conclude().repairs();
    journal.addAll(repairs.events());
    repairs.write().ifPresent(this::environment);
    if (repairs.matchCopies()) {
      environment(Reading.of(first, second).environment().orElseThrow());
    }
    return this;
  }

  History history() {
    return History.of(journal);
  }

  BootEnvironment environmentNow() {
    return Reading.of(first, second).environment().orElseThrow();
  }

  /** How T ended, and what was noted on the way. */
  List<String> reasons() {
    return journal.stream().map(Scene::reason).flatMap(Optional::stream).toList();
  }

  private static Optional<String> reason(Event event) {
    if (event instanceof Event.RolledBack back) {
      return Optional.of(back.reason());
    } else if (event instanceof Event.Aborted aborted) {
      return Optional.of(aborted.reason());
    } else if (event instanceof Event.Noted noted) {
      return Optional.of(noted.reason());
    } else if (event instanceof Event.StagingFailed failed) {
      return Optional.of(failed.reason());
    }
    return Optional.empty();
  }
}
