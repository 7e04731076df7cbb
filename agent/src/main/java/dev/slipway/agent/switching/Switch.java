package dev.slipway.agent.switching;

import dev.slipway.agent.slots.LockFile;
import dev.slipway.agent.slots.Slot;
import dev.slipway.agent.switching.Event.Purpose;
import dev.slipway.agent.switching.Event.Way;
import dev.slipway.boot.BootEnvironment;
import dev.slipway.boot.BootMode;
import dev.slipway.boot.TransactionId;
import dev.slipway.linux.OperatorError;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;

/**
 * Starting another slot, on trial.
 *
 * <p>The order is what makes it safe: the intent in the journal; an older trial cleared; the kernel
 * loaded; the jump. Nothing that the firmware or GRUB reads speaks of the new slot before that has
 * proved itself, so whatever fails on the way, the next firmware boot is the default slot.
 */
public final class Switch {
  private final ThisHost host;
  private final Consumer<String> progress;
  private final Departure departure;

  /**
   * @param progress told what happens, in sentences
   */
  public Switch(ThisHost host, Consumer<String> progress) {
    this.host = host;
    this.progress = progress;
    this.departure = new Departure(host, progress);
  }

  /**
   * Switches to a slot. Returns once the shutdown has been ordered, if at all.
   *
   * @param way cold goes through the firmware; warm does so too where kexec is not to be had
   * @throws OperatorError (refused) when the slot may not be switched to now
   */
  public void to(String name, Way way, CommitPolicy policy) {
    try (LockFile.Held held = host.operation().take()) {
      Conclusion now = new Reconciliation(host).run();
      requireAtRest(now);
      Slot slot = host.disk().slot(name);
      if (slot.name().equals(host.disk().boot().slot())) {
        throw OperatorError.refused("Slot %s is running already.".formatted(name));
      }
      Departure.Target target = departure.inspect(slot);
      String transaction = order(target, way, policy, now);
      leaveTrial(host, now);
      if (way == Way.COLD) {
        goCold(target, transaction);
      } else {
        goWarm(target, transaction);
      }
    }
  }

  /** Refuses while another switch is on its way. */
  static void requireAtRest(Conclusion now) {
    switch (now.state()) {
      case SWITCHING, LEAVING ->
          throw OperatorError.refused(
              "This host is about to leave the running slot; wait until it is up again.");
      case COMMITTED, WARM_TRIAL, WARM_GOOD, COLD_TRIAL -> {}
    }
  }

  private String order(Departure.Target target, Way way, CommitPolicy policy, Conclusion now) {
    String transaction = TransactionId.next(InstantSource.system(), new SecureRandom()).text();
    List<String> failedUnits = host.init().failedUnits();
    host.journal()
        .append(
            new Event.SwitchOrdered(
                transaction,
                Purpose.TRIAL,
                way,
                host.disk().boot().slot(),
                target.slot().name(),
                now.environment().defaultSlot(),
                target.record().digest().toString(),
                policy,
                host.bootId(),
                failedUnits));
    return transaction;
  }

  /** Ends the trial that runs or is due: an operator goes elsewhere. */
  static void leaveTrial(ThisHost host, Conclusion now) {
    now.transaction()
        .filter(trial -> trial.ending().isEmpty())
        .ifPresent(
            trial -> host.journal().append(new Event.RolledBack(trial.id(), Reason.OPERATOR)));
    BootEnvironment environment = now.environment();
    if (environment.trial().isPresent()) {
      host.environment().write(environment.cleared(environment.transaction()));
    }
  }

  private void goWarm(Departure.Target target, String transaction) {
    if (target.againstKexec().isPresent()) {
      fallBackToCold(target, transaction, target.againstKexec().get());
      return;
    }
    try {
      departure.load(target, BootMode.WARMTRIAL, "", transaction);
    } catch (OperatorError refused) {
      host.kernel().unload();
      fallBackToCold(target, transaction, refused.getMessage());
      return;
    }
    progress.accept(new Preflight(host.roots()).whatCatchesAHang());
    try {
      departure.jump(transaction);
    } catch (RuntimeException e) {
      host.journal().append(new Event.Aborted(transaction, Reason.INTERRUPTED));
      throw e;
    }
  }

  private void fallBackToCold(Departure.Target target, String transaction, String reason) {
    progress.accept(
        "A warm switch is not possible here: %s. Switching through the firmware instead."
            .formatted(withoutFinalStop(reason)));
    host.journal().append(new Event.FellBackToCold(transaction, reason));
    goCold(target, transaction);
  }

  private static String withoutFinalStop(String sentence) {
    return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
  }

  private void goCold(Departure.Target target, String transaction) {
    BootEnvironment environment =
        host.environment().read().environment().orElseThrow(IllegalStateException::new);
    String name = target.slot().name();
    if (!environment.defaultSlot().equals(name)) {
      host.environment().write(environment.trial(name, new TransactionId(transaction)));
      host.journal().append(new Event.ColdTrialDue(transaction, name));
    }
    progress.accept("Rebooting through the firmware into slot %s.".formatted(name));
    try {
      departure.restart();
    } catch (RuntimeException e) {
      host.journal().append(new Event.Aborted(transaction, Reason.INTERRUPTED));
      new Reconciliation(host).run();
      throw e;
    }
  }
}
