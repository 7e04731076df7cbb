package dev.slipway.agent.switching;

import dev.slipway.agent.switching.Event.Purpose;
import dev.slipway.agent.switching.Event.Stage;
import dev.slipway.boot.BootArguments;
import dev.slipway.boot.BootEnvironment;
import dev.slipway.boot.BootMode;
import dev.slipway.boot.EnvironmentStore.Reading;
import dev.slipway.boot.TransactionId;
import dev.slipway.release.Proof;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the host stands and what must be put right, concluded from the boot environment, the kernel
 * command line and the journal, the first two winning. Pure: the same input gives the same answer,
 * and once its repairs are made it has no more of them.
 *
 * <p>docs/switching.md lists the crash points this tells apart (C1 to C22) with their reasons.
 *
 * @param transaction the switch that the state is about; empty when COMMITTED or when the journal
 *     does not know it
 * @param environment the environment as it is once the repairs are made
 */
public record Conclusion(
    State state, Optional<Transaction> transaction, BootEnvironment environment, Repairs repairs) {

  /** Where a host can stand; see docs/switching.md. */
  public enum State {
    /** The running slot is not on trial. */
    COMMITTED,
    /** A switch has been ordered; this boot is about to end. */
    SWITCHING,
    /** The slot came up by kexec and has to prove itself. */
    WARM_TRIAL,
    /** It did; the next firmware boot is its cold trial. */
    WARM_GOOD,
    /** The slot came up through the firmware and has to prove itself. */
    COLD_TRIAL,
    /** The trial was given up; the host has yet to reboot into the default slot. */
    LEAVING
  }

  /**
   * What to put right, in this order.
   *
   * @param unload a kernel left loaded by a switch that did not happen
   * @param forget slots whose content is not to be trusted
   * @param events what to write to the journal
   * @param write the environment to write
   * @param matchCopies whether the copy that does not count must be made equal to the one that does
   */
  public record Repairs(
      boolean unload,
      List<String> forget,
      List<Event> events,
      Optional<BootEnvironment> write,
      boolean matchCopies) {
    public Repairs {
      forget = List.copyOf(forget);
      events = List.copyOf(events);
    }

    public boolean none() {
      return !unload && forget.isEmpty() && events.isEmpty() && write.isEmpty() && !matchCopies;
    }
  }

  /** Concludes. */
  public static Conclusion of(
      Reading reading, BootArguments boot, History history, Evidence evidence) {
    return new Reasoning(reading, boot, history, evidence).conclude();
  }

  /** One run of the reasoning: collects the repairs on its way. */
  private static final class Reasoning {
    private final Reading reading;
    private final BootArguments boot;
    private final History history;
    private final Evidence evidence;
    private final List<String> forget = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();
    private boolean unload;
    private boolean write;
    private BootEnvironment environment;

    Reasoning(Reading reading, BootArguments boot, History history, Evidence evidence) {
      this.reading = reading;
      this.boot = boot;
      this.history = history;
      this.evidence = evidence;
      this.environment = reading.environment().orElseGet(this::rebuilt);
    }

    Conclusion conclude() {
      Optional<Transaction> underWay = orderedInThisBoot();
      boolean atWork = evidence.operationRunning() || evidence.shuttingDown();
      if (underWay.isPresent() && atWork) {
        return new Conclusion(
            State.SWITCHING,
            underWay,
            environment,
            new Repairs(false, List.of(), List.of(), Optional.empty(), false));
      }
      if (underWay.isPresent() && isReturning(underWay.get())) {
        return new Conclusion(State.LEAVING, underWay, environment, copiesOnly());
      }
      underWay.ifPresent(this::abandon);
      if (!evidence.operationRunning()) {
        forgetUnfinishedFlashes();
      }
      if (reading.environment().isEmpty()) {
        environmentIsLost();
      }
      takeBackWhatIsOver();
      Optional<Transaction> current = current();
      // The older ones first: the newest switch has the last word about the host.
      endTheOthers(current, history.newest());
      State state =
          switch (boot.mode()) {
            case WARMTRIAL -> warmTrial(current);
            case COLDTRIAL -> coldTrial(current);
            case COMMITTED, ROLLEDBACK, SAVEERR, ENVBAD -> notOnTrial();
          };
      endTheOthers(current, Optional.empty());
      return new Conclusion(
          state,
          state == State.COMMITTED ? Optional.empty() : current,
          environment,
          new Repairs(
              unload,
              forget,
              events,
              write ? Optional.of(environment) : Optional.empty(),
              !write && !reading.whole()));
    }

    /** Whether all of a rollback but its reboot is done. */
    private boolean isReturning(Transaction ordered) {
      return ordered.order().purpose() == Purpose.RETURN
          && !boot.slot().equals(ordered.to())
          && isWrittenBy(ordered)
          && isDefaultWithoutTrial(ordered.to());
    }

    private boolean isWrittenBy(Transaction each) {
      return environment.transaction().text().equals(each.id());
    }

    private Repairs copiesOnly() {
      return new Repairs(false, List.of(), List.of(), Optional.empty(), !reading.whole());
    }

    private Optional<Transaction> orderedInThisBoot() {
      return history.open().stream()
          .filter(each -> each.order().bootId().equals(evidence.bootId()))
          .reduce((a, b) -> b);
    }

    /** The agent that was switching died before the host left this boot. */
    private void abandon(Transaction ordered) {
      unload = true;
      events.add(new Event.Aborted(ordered.id(), Reason.INTERRUPTED));
      if (isWrittenBy(ordered)) {
        takeBack(ordered);
      }
    }

    /**
     * A trial boot whose environment is that of a switch that is over: its repair was cut short.
     */
    private void takeBackWhatIsOver() {
      Optional<Transaction> over =
          history
              .switchCalled(environment.transaction().text())
              .filter(each -> each.ending().isPresent());
      if (boot.mode().isTrial() && environment.trial().isPresent() && over.isPresent()) {
        takeBack(over.get());
      }
    }

    private void takeBack(Transaction ordered) {
      Optional<Transaction> left = leftFor(ordered);
      if (left.isPresent()) {
        makeDueAgain(left.get());
      } else if (environment.trial().isPresent()) {
        clear();
      }
    }

    /** The switch that this boot belongs to, and whose cold trial was due before. */
    private Optional<Transaction> leftFor(Transaction ordered) {
      return history.open().stream()
          .filter(each -> !each.id().equals(ordered.id()))
          .filter(each -> each.to().equals(boot.slot()) && each.has(Event.ColdTrialDue.class))
          .reduce((a, b) -> b);
    }

    private void makeDueAgain(Transaction left) {
      environment = environment.trial(left.to(), new TransactionId(left.id()));
      write = true;
    }

    private void forgetUnfinishedFlashes() {
      for (Event.StagingStarted flash : history.unfinishedFlashes()) {
        forget.add(flash.slot());
        String reason = history.written(flash) ? Reason.UNVERIFIED : Reason.STAGING_CUT;
        events.add(new Event.StagingFailed(flash.transaction(), flash.slot(), reason));
      }
    }

    /**
     * The environment to have when neither copy can be read. Its default must have been one before;
     * of a trial that is only known for the slot it left.
     */
    private BootEnvironment rebuilt() {
      String proven =
          history
              .lastDefault()
              .or(
                  () ->
                      history.switches().stream()
                          .findFirst()
                          .map(each -> each.order().defaultSlot()))
              .orElse(boot.slot());
      return BootEnvironment.rebuilt(
          proven, new TransactionId("REBUILT"), reading.highestGeneration());
    }

    private void environmentIsLost() {
      write = true;
      note("", Reason.ENV_LOST);
      for (Transaction open : stillOpen()) {
        boolean runsWarm =
            boot.mode() == BootMode.WARMTRIAL && open.id().equals(boot.transaction());
        if (open.has(Event.ColdTrialDue.class) && !runsWarm) {
          events.add(new Event.RolledBack(open.id(), Reason.ENV_LOST));
        }
      }
    }

    /** The switch that this boot belongs to. */
    private Optional<Transaction> current() {
      return switch (boot.mode()) {
        case WARMTRIAL -> history.switchCalled(boot.transaction());
        case COLDTRIAL -> history.switchCalled(environment.transaction().text());
        case COMMITTED, ROLLEDBACK, SAVEERR, ENVBAD -> Optional.empty();
      };
    }

    private State warmTrial(Optional<Transaction> current) {
      boolean writtenByThisSwitch = environment.transaction().text().equals(boot.transaction());
      // Another switch that did not happen leaves its own name in the environment.
      boolean proven = writtenByThisSwitch || current.filter(Reasoning::wasCommitted).isPresent();
      if (proven && isDefaultWithoutTrial(boot.slot())) {
        current.ifPresent(this::isCommitted);
        return State.COMMITTED;
      }
      boolean due = writtenByThisSwitch && isOnTrial(boot.slot());
      if (current.isPresent() && isGivenUp(current.get(), Stage.WARM)) {
        if (due) {
          clear();
        }
        return State.LEAVING;
      }
      current.ifPresent(this::isUp);
      if (due) {
        current.ifPresent(this::isDue);
        return State.WARM_GOOD;
      }
      return State.WARM_TRIAL;
    }

    private State coldTrial(Optional<Transaction> current) {
      if (isDefaultWithoutTrial(boot.slot())) {
        current.ifPresent(this::isCommitted);
        return State.COMMITTED;
      }
      if (!isOnTrial(boot.slot())) {
        return State.LEAVING;
      }
      if (current.isPresent() && isGivenUp(current.get(), Stage.COLD)) {
        clear();
        return State.LEAVING;
      }
      current.ifPresent(this::explainCopies);
      current.ifPresent(this::isDue);
      current.ifPresent(this::isUp);
      return State.COLD_TRIAL;
    }

    /**
     * Says why the copies differ in a cold trial, where there is something to say. Nothing is to be
     * said when the write that made the trial due was cut between the copies (C12): GRUB went by
     * the new one.
     */
    private void explainCopies(Transaction current) {
      boolean cutInFinalCommit =
          current
              .judged(Stage.COLD)
              .filter(verdict -> verdict.passed() && !verdict.bootId().equals(evidence.bootId()))
              .isPresent();
      if (cutInFinalCommit) {
        note(current.id(), Reason.CUT_IN_COMMIT_2);
      } else if (current.has(Event.ColdTrialDue.class) && !reading.whole()) {
        note(current.id(), Reason.GRUB_WRITE_LOST);
      }
    }

    private State notOnTrial() {
      if (boot.mode() == BootMode.ENVBAD && !isNoted(Reason.ENV_LOST)) {
        // We can read what GRUB could not: lay both copies down afresh.
        note("", Reason.ENV_LOST);
        for (Transaction open : stillOpen()) {
          if (trialOf(open).isPresent()) {
            events.add(new Event.RolledBack(open.id(), Reason.ENV_LOST));
          }
        }
        clear();
      }
      if (environment.trial().isEmpty()) {
        return State.COMMITTED;
      }
      Optional<Transaction> trial = history.switchCalled(environment.transaction().text());
      Optional<String> reason =
          switch (boot.mode()) {
            case ROLLEDBACK -> rolledBackReason();
            case SAVEERR -> Optional.of(Reason.GRUB_SAVE_FAILED);
            default -> Optional.empty();
          };
      boolean ended = trial.isPresent() && trial.get().ending().isPresent();
      if (reason.isPresent() && trial.isPresent() && isOpen(trial.get())) {
        events.add(new Event.RolledBack(trial.get().id(), reason.get()));
      }
      if (reason.isPresent() || ended) {
        clear();
      }
      return State.COMMITTED;
    }

    private Optional<String> rolledBackReason() {
      return switch (boot.why()) {
        case "triesout" -> Optional.of(Reason.COLD_TRIES_EXHAUSTED);
        case "nokernel" -> Optional.of(Reason.COLD_KERNEL_UNREADABLE);
        case "lastresort" -> Optional.of(Reason.LAST_RESORT);
        default -> Optional.empty();
      };
    }

    /** Every other switch has ended, for this boot is not one of its; find out how. */
    private void endTheOthers(Optional<Transaction> current, Optional<Transaction> spared) {
      for (Transaction open : stillOpen()) {
        if (!isSame(current, open) && !isSame(spared, open) && trialOf(open).isEmpty()) {
          events.add(endOf(open));
        }
      }
    }

    private static boolean isSame(Optional<Transaction> one, Transaction other) {
      return one.isPresent() && one.get().id().equals(other.id());
    }

    private Event endOf(Transaction open) {
      if (open.order().purpose() == Purpose.RETURN) {
        return boot.slot().equals(open.to())
            ? new Event.RolledBack(open.id(), Reason.OPERATOR)
            : new Event.Aborted(open.id(), Reason.CUT_BEFORE_JUMP);
      }
      boolean madeDefault =
          environment.transaction().text().equals(open.id()) && isDefaultWithoutTrial(open.to());
      boolean wentToTheDefault =
          boot.slot().equals(open.to()) && environment.defaultSlot().equals(open.to());
      boolean failedWarm = open.judged(Stage.WARM).filter(judged -> !judged.passed()).isPresent();
      if (madeDefault || (wentToTheDefault && !failedWarm)) {
        return committed(open);
      }
      Optional<Event.Judged> cold = open.judged(Stage.COLD);
      if (cold.isPresent() && !cold.get().passed()) {
        return new Event.RolledBack(open.id(), Reason.COLD + cold.get().reason());
      }
      if (wasLeft(open) && !failedWarm) {
        return new Event.RolledBack(open.id(), Reason.OPERATOR);
      }
      if (open.has(Event.ColdTrialDue.class)) {
        return new Event.RolledBack(open.id(), Reason.ENV_CHANGED);
      }
      if (open.cold()) {
        return new Event.Aborted(open.id(), Reason.CUT_BEFORE_JUMP);
      }
      return endOfWarm(open);
    }

    /** Whether an operator went elsewhere out of its trial. */
    private boolean wasLeft(Transaction open) {
      return history.switches().stream()
          .dropWhile(each -> !each.id().equals(open.id()))
          .skip(1)
          .filter(later -> later.order().from().equals(open.to()))
          .anyMatch(later -> later.ending().filter(Event.Aborted.class::isInstance).isEmpty());
    }

    private Event endOfWarm(Transaction open) {
      Optional<Event.Judged> warm = open.judged(Stage.WARM);
      if (warm.isPresent()) {
        return new Event.RolledBack(
            open.id(), warm.get().passed() ? Reason.CUT_IN_COMMIT_1 : warm.get().reason());
      }
      Optional<LastWords> lastWords =
          evidence.lastWords().filter(words -> words.transaction().equals(open.id()));
      if (lastWords.isPresent()) {
        return new Event.RolledBack(open.id(), lastWords.get().reason());
      }
      if (open.has(Event.TrialUp.class)) {
        return new Event.RolledBack(
            open.id(), evidence.panicRecorded() ? Reason.TRIAL_PANIC : Reason.CUT_IN_WARM_TRIAL);
      }
      if (!open.has(Event.Jumping.class)) {
        return new Event.Aborted(open.id(), Reason.CUT_BEFORE_JUMP);
      }
      if (!open.leftTheOldSystem()) {
        return new Event.RolledBack(open.id(), Reason.SHUTDOWN_HANG);
      }
      return new Event.RolledBack(
          open.id(), evidence.panicRecorded() ? Reason.TRIAL_PANIC : Reason.TRIAL_NO_SHOW);
    }

    private boolean isDefaultWithoutTrial(String slot) {
      return environment.defaultSlot().equals(slot) && environment.trial().isEmpty();
    }

    private boolean isOnTrial(String slot) {
      return environment.trial().filter(trial -> trial.slot().equals(slot)).isPresent();
    }

    private Optional<BootEnvironment.Trial> trialOf(Transaction each) {
      return environment
          .trial()
          .filter(
              trial ->
                  trial.slot().equals(each.to())
                      && environment.transaction().text().equals(each.id()));
    }

    /** Whether it was decided to leave the slot: by a verdict, or by an operator. */
    private static boolean isGivenUp(Transaction each, Stage stage) {
      boolean failed = each.judged(stage).filter(verdict -> !verdict.passed()).isPresent();
      boolean left = each.ending().filter(end -> !(end instanceof Event.Committed)).isPresent();
      return failed || left;
    }

    private static boolean wasCommitted(Transaction each) {
      return each.ending().filter(Event.Committed.class::isInstance).isPresent();
    }

    private List<Transaction> stillOpen() {
      return history.open().stream().filter(this::isOpen).toList();
    }

    private boolean isOpen(Transaction each) {
      return each.ending().isEmpty()
          && events.stream()
              .noneMatch(
                  event -> event instanceof Event.Ending && event.transaction().equals(each.id()));
    }

    private void isCommitted(Transaction each) {
      if (isOpen(each)) {
        events.add(committed(each));
      }
    }

    private static Event.Committed committed(Transaction each) {
      boolean provenCold = each.judged(Stage.COLD).filter(Event.Judged::passed).isPresent();
      return new Event.Committed(
          each.id(), each.to(), each.order().defaultSlot(), provenCold ? Proof.COLD : Proof.WARM);
    }

    private void isUp(Transaction each) {
      if (!each.upIn(evidence.bootId())) {
        events.add(
            new Event.TrialUp(each.id(), boot.slot(), boot.mode().token(), evidence.bootId()));
      }
    }

    private void isDue(Transaction each) {
      if (!each.has(Event.ColdTrialDue.class)) {
        events.add(new Event.ColdTrialDue(each.id(), each.to()));
      }
    }

    private boolean isNoted(String reason) {
      return history.noted(reason, evidence.bootId())
          || events.stream()
              .anyMatch(event -> event instanceof Event.Noted note && note.reason().equals(reason));
    }

    private void note(String transaction, String reason) {
      if (!isNoted(reason)) {
        events.add(new Event.Noted(transaction, reason, evidence.bootId()));
      }
    }

    /** No trial any more; it stays under the name of the switch that it ends. */
    private void clear() {
      environment = environment.cleared(environment.transaction());
      write = true;
    }
  }
}
