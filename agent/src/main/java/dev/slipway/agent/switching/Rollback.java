package dev.slipway.agent.switching;

import dev.slipway.agent.slots.LockFile;
import dev.slipway.agent.switching.Conclusion.State;
import dev.slipway.agent.switching.Event.Purpose;
import dev.slipway.agent.switching.Event.Way;
import dev.slipway.boot.BootEnvironment;
import dev.slipway.boot.BootMode;
import dev.slipway.boot.TransactionId;
import dev.slipway.linux.OperatorError;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Going back because an operator says so: from a trial to the default slot, or from a committed
 * slot to the one that was the default before it.
 *
 * <p>The order: the intent in the journal, the kernel loaded, the slot made the default, the jump.
 * Why a return is no trial is written in docs/switching.md.
 */
public final class Rollback {
  private final ThisHost host;
  private final Consumer<String> progress;
  private final Departure departure;

  /**
   * @param progress told what happens, in sentences
   */
  public Rollback(ThisHost host, Consumer<String> progress) {
    this.host = host;
    this.progress = progress;
    this.departure = new Departure(host, progress);
  }

  /** The slot that a rollback would go to now; empty when there is none to go back to. */
  public static Optional<String> target(ThisHost host, Conclusion now) {
    String defaultSlot = now.environment().defaultSlot();
    if (now.state() == State.COMMITTED && host.disk().boot().slot().equals(defaultSlot)) {
      return host.journal().read().history().defaultBefore(defaultSlot);
    }
    return Optional.of(defaultSlot);
  }

  /**
   * Goes back, or on with a departure that was cut short. Returns once the system goes down.
   *
   * @throws OperatorError (refused) when there is no slot to go back to, or it was changed since
   */
  public void run(Way way) {
    try (LockFile.Held held = host.operation().take()) {
      Conclusion now = new Reconciliation(host).run();
      if (now.state() == State.LEAVING) {
        goOn(now);
        return;
      }
      Switch.requireAtRest(now);
      String name =
          target(host, now)
              .orElseThrow(
                  () ->
                      OperatorError.refused(
                          "There is no slot to go back to: no other slot was the default before %s and still holds what it held then."
                              .formatted(now.environment().defaultSlot())));
      Departure.Target target = departure.inspect(host.disk().slot(name));
      TransactionId transaction = TransactionId.next(InstantSource.system(), new SecureRandom());
      host.journal().append(order(target, way, now, transaction));
      try {
        go(target, way, transaction);
      } catch (RuntimeException | Error e) {
        departure.takeBack(transaction.text(), now.environment(), e);
        throw e;
      }
    }
  }

  /** It was decided before, and whoever did has died: only the reboot is missing. */
  private void goOn(Conclusion now) {
    progress.accept(
        "This host was to leave its slot already; rebooting through the firmware into slot %s."
            .formatted(now.environment().defaultSlot()));
    departure.restart();
  }

  private Event.SwitchOrdered order(
      Departure.Target target, Way way, Conclusion now, TransactionId transaction) {
    return new Event.SwitchOrdered(
        transaction.text(),
        Purpose.RETURN,
        way,
        host.disk().boot().slot(),
        target.slot().name(),
        now.environment().defaultSlot(),
        target.record().digest().toString(),
        CommitPolicy.TRUST,
        host.bootId(),
        List.of());
  }

  private void go(Departure.Target target, Way way, TransactionId transaction) {
    Optional<String> notWarm =
        way == Way.COLD ? Optional.of("--cold was asked for") : target.againstKexec();
    if (notWarm.isEmpty()) {
      try (LoadedKernel loaded =
          departure.load(target, BootMode.ROLLEDBACK, Reason.OPERATOR, transaction.text())) {
        makeDefault(target, transaction);
        departure.jump(loaded, transaction.text());
        return;
      } catch (OperatorError refused) {
        notWarm = Optional.of(refused.getMessage());
      }
    }
    makeDefault(target, transaction);
    progress.accept(
        "Rebooting through the firmware into slot %s (%s)."
            .formatted(target.slot().name(), notWarm.get()));
    departure.restart();
  }

  /**
   * From here on every boot through the firmware comes to the slot, too: it has proved itself
   * before, so it is the default without another trial. Written even when it is the default
   * already, for a trial may be due, and because this says that the return has begun.
   */
  private void makeDefault(Departure.Target target, TransactionId transaction) {
    BootEnvironment environment =
        host.environment().read().environment().orElseThrow(IllegalStateException::new);
    if (!environment.transaction().equals(transaction)) {
      host.environment().write(environment.committed(target.slot().name(), transaction));
    }
  }
}
