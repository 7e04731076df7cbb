package dev.slipway.agent.switching;

import dev.slipway.agent.slots.MountedSlot;
import dev.slipway.agent.slots.Slot;
import dev.slipway.boot.BootArguments;
import dev.slipway.boot.BootEnvironment;
import dev.slipway.boot.BootMode;
import dev.slipway.boot.KernelImage;
import dev.slipway.boot.SlotBootFiles;
import dev.slipway.linux.OperatorError;
import dev.slipway.release.SlotRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Leaving the running slot: by kexec into another slot's kernel, or through the firmware. */
final class Departure {
  private static final Duration SHUTDOWN_BEGINS_WITHIN = Duration.ofSeconds(60);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

  private final ThisHost host;
  private final Consumer<String> progress;
  private final Duration patience;

  Departure(ThisHost host, Consumer<String> progress) {
    this(host, progress, SHUTDOWN_BEGINS_WITHIN);
  }

  /**
   * @param patience how long an ordered shutdown may take to show
   */
  Departure(ThisHost host, Consumer<String> progress, Duration patience) {
    this.host = host;
    this.progress = progress;
    this.patience = patience;
  }

  /**
   * What a slot offers to be booted.
   *
   * @param againstKexec why it can't be started by kexec here; empty when it can
   */
  record Target(Slot slot, SlotRecord.Ready record, Optional<String> againstKexec) {}

  /**
   * Looks at a slot before anything is changed.
   *
   * @throws OperatorError when it may not be booted
   */
  Target inspect(Slot slot) {
    SlotRecord.Ready record = Preflight.verified(host.records().read(slot.name()));
    Preflight preflight = new Preflight(host.roots());
    try (MountedSlot mounted = MountedSlot.readOnly(slot, record.fileSystem(), host.roots())) {
      KernelImage kernel = Preflight.bootFiles(slot, record, mounted.root());
      long initrd = size(SlotBootFiles.in(mounted.root()));
      return new Target(slot, record, preflight.againstKexec(kernel, initrd));
    }
  }

  private static long size(SlotBootFiles files) {
    try {
      return Files.size(files.initrd());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Loads the target's kernel for the jump; nothing but the memory of this machine changes.
   *
   * @throws OperatorError when the running kernel refuses it; nothing stays loaded then
   */
  LoadedKernel load(Target target, BootMode mode, String why, String transaction) {
    Slot slot = target.slot();
    String commandLine =
        host.disk()
            .commandLine()
            .forBoot(new BootArguments(slot.name(), slot.partition().id(), mode, why, transaction))
            .text();
    LoadedKernel loaded = new LoadedKernel(host.kernel());
    try {
      load(target, commandLine);
      return loaded;
    } catch (RuntimeException | Error e) {
      closeAfter(e, loaded);
      throw e;
    }
  }

  private void load(Target target, String commandLine) {
    try (MountedSlot mounted =
        MountedSlot.readOnly(target.slot(), target.record().fileSystem(), host.roots())) {
      SlotBootFiles files = SlotBootFiles.in(mounted.root());
      host.kernel().load(files.kernel(), files.initrd(), commandLine);
    }
    if (!host.kernel().isLoaded()) {
      throw new OperatorError(
          "The kernel of slot %s was taken by kexec_file_load, but /sys/kernel/kexec_loaded does not show it."
              .formatted(target.slot().name()));
    }
  }

  private static void closeAfter(Throwable cause, LoadedKernel loaded) {
    try {
      loaded.close();
    } catch (RuntimeException e) {
      cause.addSuppressed(e);
    }
  }

  /**
   * Jumps into the loaded kernel. Returns once the system goes down.
   *
   * @throws OperatorError when the jump could not be started, or does not come
   */
  void jump(LoadedKernel loaded, String transaction) {
    // Only a daemon that systemd stops can tell of the shutdown on its way.
    boolean farewellDue = host.daemon().isHeld() && host.init() instanceof Systemd;
    host.journal().append(new Event.Jumping(transaction, farewellDue));
    progress.accept("Switching now; this session ends with it.");
    loaded.jump(
        () -> {
          host.init().jump();
          untilGoingDown();
        });
  }

  /**
   * Boots through the firmware. Returns once the system goes down.
   *
   * @throws OperatorError when the reboot could not be started, or does not come
   */
  void restart() {
    // With a kernel loaded this would be a jump.
    host.kernel().unload();
    host.init().restart();
    untilGoingDown();
  }

  /**
   * Keeps the caller, and with it the operation lock, until the ordered shutdown shows: until then
   * nothing else tells that this host is leaving.
   *
   * @throws OperatorError when it does not show: the order was lost on its way
   */
  private void untilGoingDown() {
    long end = System.nanoTime() + patience.toNanos();
    while (!isGoingDown()) {
      if (System.nanoTime() >= end) {
        throw new OperatorError(
            "The shutdown of this system was ordered and did not begin within %d seconds; see what holds it by: systemctl list-jobs, systemd-inhibit --list"
                .formatted(patience.toSeconds()));
      }
      try {
        Thread.sleep(BETWEEN_LOOKS.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Whoever cannot be asked at one moment, such as a systemd that is busy, is asked again. */
  private boolean isGoingDown() {
    try {
      return host.init().shuttingDown();
    } catch (RuntimeException unknown) {
      return false;
    }
  }

  /**
   * The departure could not be started: the host stands again where it stood before.
   *
   * <p>The environment goes first: as long as the switch has no ending, whoever comes to it next
   * takes it back too.
   *
   * @param before the environment when the switch was ordered
   * @param cause why; gets what fails here as well added to it
   */
  void takeBack(String transaction, BootEnvironment before, Throwable cause) {
    try {
      host.kernel().unload();
      host.environment()
          .read()
          .environment()
          .filter(now -> now.transaction().text().equals(transaction))
          .ifPresent(now -> host.environment().write(now.takenBack(before)));
      host.journal().append(new Event.Aborted(transaction, Reason.JUMP_FAILED));
    } catch (RuntimeException e) {
      cause.addSuppressed(e);
    }
  }
}
