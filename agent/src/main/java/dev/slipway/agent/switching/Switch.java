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
 * <p>The order is what makes it safe: the intent in the journal, the kernel loaded, the jump.
 * Nothing that the firmware or GRUB reads changes before the new slot has proved itself, so
 * whatever fails on the way, the next firmware boot is the one it would have been without the
 * switch. A trial that the switch leaves is over only when the new slot has passed.
 */
public final class Switch {
  private final ThisHost host;
  private final Consumer<String> progress;
  private final Departure departure;

  /**
   * @param progress told what happens, in sentences
   */
  public Switch(ThisHost host, Consumer<String> progress) {
    this(host, progress, new Departure(host, progress));
  }

  Switch(ThisHost host, Consumer<String> progress, Departure departure) {
    this.host = host;
    this.progress = progress;
    this.departure = departure;
  }

  /**
   * Switches to a slot. Returns once the system goes down.
   *
   * @param way cold goes through the firmware; warm does so too where kexec is not to be had
   * @throws OperatorError (refused) when the slot may not be switched to now
   */
  public void to(String name, Way way, CommitPolicy policy) {
    try (LockFile.Held held = host.operation().take()) {
      Conclusion now = new Reconciliation(host).run();
      requireAtRest(now);
      // Without it the trial could not be judged.
      host.configuration();
      Slot slot = host.disk().slot(name);
      if (slot.name().equals(host.disk().boot().slot())) {
        throw OperatorError.refused("Slot %s is running already.".formatted(name));
      }
      Departure.Target target = departure.inspect(slot);
      String transaction = order(target, way, policy, now);
      try {
        if (way == Way.COLD) {
          goCold(target, transaction);
        } else {
          goWarm(target, transaction);
        }
      } catch (RuntimeException | Error e) {
        departure.takeBack(transaction, now.environment(), e);
        throw e;
      }
    }
  }

  /**
   * Refuses while this host is about to leave the running slot.
   *
   * @throws OperatorError (refused) when it is
   */
  public static void requireAtRest(Conclusion now) {
    switch (now.state()) {
      case SWITCHING ->
          throw OperatorError.refused(
              "This host is about to leave the running slot; wait until it is up again.");
      case LEAVING ->
          throw OperatorError.refused(
              "This host is to leave the running slot for slot %s; wait until it is up again, or reboot it by: agent rollback"
                  .formatted(now.environment().defaultSlot()));
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

  private void goWarm(Departure.Target target, String transaction) {
    if (target.againstKexec().isPresent()) {
      fallBackToCold(target, transaction, target.againstKexec().get());
      return;
    }
    LoadedKernel loaded;
    try {
      loaded = departure.load(target, BootMode.WARMTRIAL, "", transaction);
    } catch (OperatorError refused) {
      fallBackToCold(target, transaction, refused.getMessage());
      return;
    }
    try (loaded) {
      progress.accept(new Preflight(host.roots()).whatCatchesAHang());
      departure.jump(loaded, transaction);
    }
  }

  private void fallBackToCold(Departure.Target target, String transaction, String reason) {
    progress.accept(
        "A warm switch is not possible here: %s. Switching through the firmware instead."
            .formatted(OperatorError.withoutFinalStop(reason)));
    host.journal().append(new Event.FellBackToCold(transaction, reason));
    goCold(target, transaction);
  }

  private void goCold(Departure.Target target, String transaction) {
    BootEnvironment environment =
        host.environment().read().environment().orElseThrow(IllegalStateException::new);
    String name = target.slot().name();
    TransactionId id = new TransactionId(transaction);
    if (!environment.defaultSlot().equals(name)) {
      host.environment().write(environment.trial(name, id));
      host.journal().append(new Event.ColdTrialDue(transaction, name));
    } else if (environment.trial().isPresent()) {
      host.environment().write(environment.cleared(id));
    }
    progress.accept("Rebooting through the firmware into slot %s.".formatted(name));
    departure.restart();
  }
}
