package dev.slipway.agent.switching;

import dev.slipway.agent.slots.Slot;
import dev.slipway.agent.switching.HostStatus.Failure;
import dev.slipway.boot.BootEnvironment;
import dev.slipway.boot.EnvironmentStore;
import dev.slipway.linux.OperatorError;
import dev.slipway.release.Phase;
import dev.slipway.release.Proof;
import dev.slipway.release.ReleaseName;
import dev.slipway.release.SlotRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks at the host and says how it is. Changes nothing, takes no lock. */
public final class StatusReport {
  private final ThisHost host;
  private final String agentVersion;

  public StatusReport(ThisHost host, String agentVersion) {
    this.host = host;
    this.agentVersion = agentVersion;
  }

  /** The host as it is now. */
  public HostStatus now() {
    // Read once: a switch ordered meanwhile would be in the history and not in the conclusion.
    Journal.Content journal = host.journal().read();
    Conclusion conclusion = host.look(journal);
    History history = withRepairs(journal, conclusion);
    EnvironmentStore.Reading reading = host.environment().read();
    Optional<BootEnvironment> environment = reading.environment();
    Optional<BootEnvironment.Trial> trial = environment.flatMap(BootEnvironment::trial);
    Optional<Transaction> newest = history.newest();
    List<String> notes = new ArrayList<>();
    List<HostStatus.SlotStatus> slots =
        host.disk().slots().stream().map(slot -> slot(slot, notes)).toList();
    addNotes(notes, reading, conclusion);
    addConfigurationNote(notes);
    Optional<Failure> failure = failure(history);
    return new HostStatus(
        host.bootId(),
        firstLine(host.roots().proc().resolve("sys/kernel/hostname")),
        firstLine(host.roots().etc().resolve("machine-id")),
        agentVersion,
        host.disk().boot().slot(),
        host.disk().boot().mode().token(),
        host.disk().boot().why(),
        environment.map(BootEnvironment::generation).orElse(0L),
        environment.map(BootEnvironment::defaultSlot).orElse(""),
        trial.map(BootEnvironment.Trial::slot),
        trial.map(BootEnvironment.Trial::tries).orElse(0),
        phase(conclusion, history),
        proof(conclusion, history),
        newest.map(Transaction::id).orElse(""),
        failure,
        newest
            .flatMap(each -> each.last(Event.Judged.class))
            .map(Event.Judged::checks)
            .orElse(List.of()),
        slots,
        notes);
  }

  /** The journal as it will be once the daemon has written down what is concluded now. */
  private static History withRepairs(Journal.Content journal, Conclusion conclusion) {
    List<Event> events =
        new ArrayList<>(journal.entries().stream().map(Journal.Entry::event).toList());
    events.addAll(conclusion.repairs().events());
    return History.of(events);
  }

  private static Phase phase(Conclusion conclusion, History history) {
    return switch (conclusion.state()) {
      case SWITCHING -> Phase.SWITCHING;
      case WARM_TRIAL, COLD_TRIAL -> Phase.CHECKING;
      case WARM_GOOD -> Phase.GOOD;
      case LEAVING -> Phase.FAILED;
      case COMMITTED -> atRest(history);
    };
  }

  /** What the newest thing was that the journal tells of. */
  private static Phase atRest(History history) {
    Optional<Event> newest =
        history.newestOf(
            List.of(
                Event.StagingStarted.class,
                Event.StagingWritten.class,
                Event.Staged.class,
                Event.StagingFailed.class,
                Event.Committed.class,
                Event.RolledBack.class,
                Event.Aborted.class));
    if (newest.isEmpty()) {
      return Phase.IDLE;
    }
    Event event = newest.get();
    if (event instanceof Event.StagingStarted || event instanceof Event.StagingWritten) {
      return Phase.STAGING;
    }
    if (event instanceof Event.Staged) {
      return Phase.STAGED;
    }
    if (event instanceof Event.Committed) {
      return Phase.GOOD;
    }
    return event instanceof Event.RolledBack ? Phase.ROLLEDBACK : Phase.FAILED;
  }

  private static Proof proof(Conclusion conclusion, History history) {
    return switch (conclusion.state()) {
      case WARM_TRIAL, LEAVING -> Proof.NONE;
      case WARM_GOOD, COLD_TRIAL -> Proof.WARM;
      case SWITCHING, COMMITTED ->
          history
              .newestOf(List.of(Event.Committed.class))
              .map(event -> (Event.Committed) event)
              .filter(event -> event.slot().equals(conclusion.environment().defaultSlot()))
              .map(Event.Committed::proof)
              .orElse(Proof.COLD);
    };
  }

  private static Optional<Failure> failure(History history) {
    Optional<Event> newest =
        history.newestOf(
            List.of(
                Event.Staged.class,
                Event.StagingFailed.class,
                Event.Judged.class,
                Event.Committed.class,
                Event.RolledBack.class,
                Event.Aborted.class));
    return newest.flatMap(event -> failureOf(event, history));
  }

  private static Optional<Failure> failureOf(Event event, History history) {
    String digest =
        history.switchCalled(event.transaction()).map(each -> each.order().digest()).orElse("");
    if (event instanceof Event.StagingFailed failed) {
      return Optional.of(new Failure(Phase.STAGING, failed.reason(), ""));
    }
    if (event instanceof Event.RolledBack back) {
      return Optional.of(new Failure(Phase.CHECKING, back.reason(), digest));
    }
    if (event instanceof Event.Aborted aborted) {
      return Optional.of(new Failure(Phase.SWITCHING, aborted.reason(), digest));
    }
    if (event instanceof Event.Judged judged && !judged.passed()) {
      String stage = judged.stage() == Event.Stage.COLD ? Reason.COLD : "";
      return Optional.of(new Failure(Phase.CHECKING, stage + judged.reason(), digest));
    }
    return Optional.empty();
  }

  private HostStatus.SlotStatus slot(Slot slot, List<String> notes) {
    SlotRecord record;
    try {
      record = host.records().read(slot.name());
    } catch (OperatorError damaged) {
      notes.add(damaged.getMessage());
      record = new SlotRecord.Empty(slot.name());
    }
    Optional<SlotRecord.Ready> ready = record.ready();
    String reference =
        record instanceof SlotRecord.Staging staging
            ? staging.reference()
            : ready.map(SlotRecord.Ready::reference).orElse("");
    return new HostStatus.SlotStatus(
        slot.name(),
        record.state(),
        reference,
        ready.flatMap(SlotRecord.Ready::release).map(ReleaseName::toString).orElse(""),
        ready.map(each -> each.digest().toString()).orElse(""),
        ready.map(SlotRecord.Ready::kernelVersion).orElse(""),
        ready.map(SlotRecord.Ready::fileSystem).orElse(""),
        slot.size());
  }

  private static void addNotes(
      List<String> notes, EnvironmentStore.Reading reading, Conclusion conclusion) {
    if (reading.environment().isEmpty()) {
      notes.add(
          "Neither copy of the boot environment can be read; the agent daemon lays them down afresh.");
    } else if (!reading.whole()) {
      notes.add("The copies of the boot environment differ; the agent daemon makes them equal.");
    }
    if (conclusion.state() == Conclusion.State.LEAVING) {
      notes.add(
          "This slot is given up; the host is to reboot into slot %s."
              .formatted(conclusion.environment().defaultSlot()));
    }
  }

  private void addConfigurationNote(List<String> notes) {
    try {
      host.configuration();
    } catch (OperatorError notUnderstood) {
      notes.add(notUnderstood.getMessage());
    }
  }

  private static String firstLine(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file).strip() : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
