package dev.slipway.agent.switching;

import dev.slipway.agent.slots.LockFile;
import dev.slipway.agent.switching.Conclusion.State;
import dev.slipway.agent.switching.Event.Stage;
import dev.slipway.boot.BootEnvironment;
import dev.slipway.boot.TransactionId;
import dev.slipway.linux.OperatorError;
import dev.slipway.release.Proof;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Ending a stage of a trial: for better, in two stages (see docs/switching.md), or for worse.
 *
 * <p>The order is always: the verdict in the journal, then the environment, then the reboot.
 */
public final class Trial {
  private final ThisHost host;
  private final Consumer<String> progress;
  private final Departure departure;

  /**
   * @param progress told what happens, in sentences
   */
  public Trial(ThisHost host, Consumer<String> progress) {
    this.host = host;
    this.progress = progress;
    this.departure = new Departure(host, progress);
  }

  /** The trial's checks begin: what a daemon that died knew of a verdict holds no more. */
  public void begin() {
    new TrialDeadline(host.roots()).resume();
  }

  /**
   * The trial's checks have come to a verdict. Waits for a flash or switch that is at work, and
   * decides nothing when the host has moved on since.
   *
   * @param seen the conclusion under which the checks were started
   * @param reason empty: they passed
   */
  public void judged(Conclusion seen, Optional<String> reason, List<HostStatus.Check> checks)
      throws InterruptedException {
    TrialDeadline deadline = new TrialDeadline(host.roots());
    if (reason.isEmpty()) {
      // Before the lock: a flash may hold it for longer than the deadline has left.
      deadline.suspend();
    }
    try (LockFile.Held held = host.operation().takeWhenFree()) {
      Conclusion now = new Reconciliation(host).run();
      if (now.state() != seen.state() || !id(now).equals(id(seen))) {
        // An operator may have passed it by a commit that did not come to its end.
        releaseIfPassed(now);
        return;
      }
      Stage stage = now.state() == State.COLD_TRIAL ? Stage.COLD : Stage.WARM;
      host.journal()
          .append(
              new Event.Judged(
                  id(now), stage, reason.isEmpty(), reason.orElse(""), checks, host.bootId()));
      if (reason.isEmpty()) {
        advance(now, policyOf(now));
      } else {
        progress.accept(
            "The trial of slot %s failed (%s); going back to slot %s."
                .formatted(
                    host.disk().boot().slot(), reason.get(), now.environment().defaultSlot()));
        giveUp(now);
      }
    } finally {
      // Without a verdict that is written down the trial is held by nothing else.
      deadline.resume();
    }
  }

  /**
   * An operator takes the place of the checks, or chooses another policy for the cold proof.
   *
   * @throws OperatorError (refused) when nothing is on trial
   */
  public void commit(Optional<CommitPolicy> policy) {
    try (LockFile.Held held = host.operation().take()) {
      Conclusion now = new Reconciliation(host).run();
      String slot = host.disk().boot().slot();
      switch (now.state()) {
        case COMMITTED ->
            throw OperatorError.refused(
                "There is nothing to commit: slot %s is not on trial.".formatted(slot));
        case SWITCHING, LEAVING -> Switch.requireAtRest(now);
        case WARM_GOOD -> {
          if (policy.isEmpty()) {
            progress.accept(
                "Slot %s has passed its warm trial already; the next boot through the firmware proves it."
                    .formatted(slot));
          }
        }
        case WARM_TRIAL, COLD_TRIAL ->
            host.journal()
                .append(
                    new Event.Judged(
                        id(now),
                        now.state() == State.COLD_TRIAL ? Stage.COLD : Stage.WARM,
                        true,
                        "",
                        List.of(new HostStatus.Check("operator", "passed", "")),
                        host.bootId()));
      }
      advance(now, policy.orElseGet(() -> policyOf(now)));
    }
  }

  /**
   * The verdict is safe: this boot is held to nothing any more that only a trial is held to. Once a
   * boot, for what the operator sets later stays.
   */
  private void release() {
    TrialDeadline deadline = new TrialDeadline(host.roots());
    if (deadline.isLifted()) {
      return;
    }
    if (host.disk().boot().mode().isTrial()) {
      withdrawPanics();
    }
    deadline.lift();
  }

  private void releaseIfPassed(Conclusion now) {
    if (now.state() == State.COMMITTED || now.state() == State.WARM_GOOD) {
      release();
    }
  }

  private void withdrawPanics() {
    try {
      new TrialPanics(host.roots(), host.disk().commandLine()).withdraw();
    } catch (UncheckedIOException e) {
      // The slot has passed all the same.
      progress.accept(
          "This boot keeps the kernel settings of a trial, which turn a hang into a reboot: %s."
              .formatted(e.getMessage()));
    }
  }

  /** Goes on where an agent that died had stopped: reboots what has yet to be rebooted. */
  public void resume(Conclusion now) {
    releaseIfPassed(now);
    if (now.state() == State.LEAVING
        || (now.state() == State.WARM_GOOD && policyOf(now) == CommitPolicy.IMMEDIATE)) {
      departure.restart();
    }
  }

  /**
   * Goes on with a departure whose process has died, such as an {@code agent rollback} that was
   * killed between the environment and the jump.
   */
  public void resumeDeparture() {
    // Looked at without the lock first: a mere look must not turn away a flash or switch.
    if (!isLeaving(host.look())) {
      return;
    }
    Optional<LockFile.Held> lock = host.operation().tryTake();
    if (lock.isEmpty()) {
      return;
    }
    try (LockFile.Held held = lock.get()) {
      Conclusion now = new Reconciliation(host).run();
      if (isLeaving(now)) {
        resume(now);
      }
    }
  }

  private boolean isLeaving(Conclusion now) {
    return now.state() == State.LEAVING && !host.init().shuttingDown();
  }

  /**
   * An ordered shutdown within a cold trial is no failure of the slot: its try is given back, once
   * a boot. A trial gets back no more than it has: a slot that orders its own shutdown before the
   * verdict comes to the end of its tries, too.
   */
  public void interrupted() {
    Optional<LockFile.Held> lock = host.operation().tryTake();
    if (lock.isEmpty()) {
      return;
    }
    try (LockFile.Held held = lock.get()) {
      Conclusion now = host.conclude(false);
      boolean due = now.transaction().filter(this::mayHaveATryBack).isPresent();
      boolean roomLeft =
          now.environment().trial().filter(t -> t.tries() < BootEnvironment.TRIES).isPresent();
      if (now.state() == State.COLD_TRIAL && due && roomLeft) {
        host.journal().append(new Event.TryGivenBack(id(now), host.bootId()));
        host.environment().write(now.environment().withTryGivenBack());
      }
    }
  }

  private boolean mayHaveATryBack(Transaction trial) {
    List<Event.TryGivenBack> given =
        trial.events().stream()
            .filter(Event.TryGivenBack.class::isInstance)
            .map(Event.TryGivenBack.class::cast)
            .toList();
    return given.size() < BootEnvironment.TRIES
        && given.stream().noneMatch(each -> each.bootId().equals(host.bootId()));
  }

  private void advance(Conclusion now, CommitPolicy policy) {
    String slot = host.disk().boot().slot();
    BootEnvironment environment = now.environment();
    boolean isDefault = environment.defaultSlot().equals(slot);
    if (now.state() == State.COLD_TRIAL || isDefault || policy == CommitPolicy.TRUST) {
      host.environment().write(environment.committed(slot, new TransactionId(id(now))));
      endTrialBefore(now);
      host.journal()
          .append(
              new Event.Committed(
                  id(now),
                  slot,
                  environment.defaultSlot(),
                  now.state() == State.COLD_TRIAL ? Proof.COLD : Proof.WARM));
      release();
      progress.accept("Slot %s is committed: it is the default now.".formatted(slot));
      return;
    }
    if (now.state() == State.WARM_TRIAL) {
      host.environment().write(environment.trial(slot, new TransactionId(id(now))));
      endTrialBefore(now);
      host.journal().append(new Event.ColdTrialDue(id(now), slot));
      release();
      progress.accept(
          "Slot %s passed its warm trial; the next boot through the firmware proves it."
              .formatted(slot));
    }
    if (policy == CommitPolicy.IMMEDIATE) {
      departure.restart();
    }
  }

  /** The slot takes the place of one whose cold trial was still due when it was switched to. */
  private void endTrialBefore(Conclusion now) {
    String due = now.environment().transaction().text();
    if (now.environment().trial().isPresent() && !due.equals(id(now))) {
      host.journal()
          .read()
          .history()
          .switchCalled(due)
          .filter(left -> left.ending().isEmpty())
          .ifPresent(
              left -> host.journal().append(new Event.RolledBack(left.id(), Reason.OPERATOR)));
    }
  }

  /** A cold trial that was due before this slot was switched to stays: the host goes back to it. */
  private void giveUp(Conclusion now) {
    BootEnvironment environment = now.environment();
    boolean isOwn = environment.transaction().text().equals(id(now));
    if (environment.trial().isPresent() && isOwn) {
      host.environment().write(environment.cleared(environment.transaction()));
    }
    departure.restart();
  }

  /**
   * The switch's id; a trial that the journal does not know goes by its environment's or boot's.
   */
  private String id(Conclusion now) {
    return now.transaction()
        .map(Transaction::id)
        .orElseGet(
            () ->
                now.state() == State.COLD_TRIAL
                    ? now.environment().transaction().text()
                    : host.disk().boot().transaction());
  }

  private CommitPolicy policyOf(Conclusion now) {
    return now.transaction()
        .map(trial -> trial.order().policy())
        .orElseGet(() -> host.configuration().commit());
  }
}
