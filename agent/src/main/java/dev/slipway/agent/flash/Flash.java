package dev.slipway.agent.flash;

import dev.slipway.agent.slots.LockFile;
import dev.slipway.agent.slots.MountedSlot;
import dev.slipway.agent.slots.Slot;
import dev.slipway.agent.switching.Conclusion;
import dev.slipway.agent.switching.Event;
import dev.slipway.agent.switching.Reconciliation;
import dev.slipway.agent.switching.Switch;
import dev.slipway.agent.switching.ThisHost;
import dev.slipway.boot.KernelImage;
import dev.slipway.boot.SlotBootFiles;
import dev.slipway.boot.TransactionId;
import dev.slipway.filesystem.FileSystemKind;
import dev.slipway.filesystem.MakeFileSystem;
import dev.slipway.filesystem.MkfsTools;
import dev.slipway.filesystem.Superblock;
import dev.slipway.filesystem.XfsBootFile;
import dev.slipway.image.Image;
import dev.slipway.linux.BlockDevice;
import dev.slipway.linux.Mount;
import dev.slipway.linux.OperatorError;
import dev.slipway.linux.SystemCallException;
import dev.slipway.release.ReleaseDescription;
import dev.slipway.release.SlotRecord;
import dev.slipway.tree.Digest;
import dev.slipway.tree.Manifest;
import dev.slipway.tree.TreeScanner;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Writing an operating system into a slot that is not in use, and proving that it arrived.
 *
 * <p>From the first byte to the last the slot cannot be booted by accident: its record says
 * staging, its head is wiped before anything else, and its {@code /boot} comes to its place only
 * when all the rest is on the medium. What was read back from the medium must equal what was
 * written.
 */
public final class Flash {
  private static final int HEAD = 1 << 20;
  private static final long SMALLEST_XFS = 300L << 20;
  private static final int SHOWN_DIFFERENCES = 5;

  private final ThisHost host;
  private final MkfsTools tools;
  private final Consumer<String> progress;

  /**
   * @param tools makes the file system
   * @param progress told what happens, in sentences
   */
  public Flash(ThisHost host, MkfsTools tools, Consumer<String> progress) {
    this.host = host;
    this.tools = tools;
    this.progress = progress;
  }

  /**
   * Writes an image to a slot.
   *
   * @param image prepared to boot; closed by the caller
   * @param wanted the file system to make; empty: the kind that the slot has
   * @param release what its publisher said about it
   * @return what the slot holds now
   * @throws OperatorError when the slot may not be written, or the image cannot be booted or has no
   *     room there (refused, the slot is as it was); or when writing failed, and then the slot is
   *     empty
   */
  public SlotRecord.Ready write(
      String name,
      Image image,
      Optional<FileSystemKind> wanted,
      Optional<ReleaseDescription> release) {
    try (LockFile.Held held = host.operation().take()) {
      Conclusion now = new Reconciliation(host).run();
      // The slot that it is about to jump into is neither running nor the default.
      Switch.requireAtRest(now);
      Slot slot = host.disk().slot(name);
      requireUnused(slot, now);
      FileSystemKind kind = wanted.orElseGet(() -> kindOf(slot));
      requireRoomFor(kind, slot);
      if (release.isEmpty()) {
        // A release was looked at when it was published, and would have to be downloaded twice.
        requireFit(image, slot);
      }
      String transaction = TransactionId.next(InstantSource.system(), new SecureRandom()).text();
      host.journal()
          .append(new Event.StagingStarted(transaction, name, image.reference(), host.bootId()));
      host.records().write(new SlotRecord.Staging(name, image.reference(), transaction));
      Thread cancelled = new Thread(() -> letGo(slot), "flash-cancelled");
      Runtime.getRuntime().addShutdownHook(cancelled);
      try {
        SlotRecord.Ready record = stage(slot, kind, image, release, transaction);
        host.journal().append(new Event.Staged(transaction, name, record.digest().toString()));
        return record;
      } catch (RuntimeException | Error e) {
        // An error as well: memory may run out on a very large tree, and the slot is half written
        // then.
        undo(slot, transaction, e);
        throw e;
      } finally {
        Runtime.getRuntime().removeShutdownHook(cancelled);
      }
    }
  }

  private void requireUnused(Slot slot, Conclusion now) {
    String name = slot.name();
    if (name.equals(host.disk().boot().slot())) {
      throw OperatorError.refused(
          "Slot %s is running; it cannot be written.%s".formatted(name, others(now)));
    }
    if (name.equals(now.environment().defaultSlot())) {
      throw OperatorError.refused(
          "Slot %s is the default, the one this host falls back to; it is never written.%s"
              .formatted(name, others(now)));
    }
    if (now.environment().trial().filter(trial -> trial.slot().equals(name)).isPresent()) {
      throw OperatorError.refused(
          "Slot %s has its cold trial before it; it cannot be written until that is over.%s"
              .formatted(name, others(now)));
    }
    MountedSlot.unmountLeftOver(slot, host.roots());
    BlockDevice device = new BlockDevice(slot.device());
    // By number: one device can be mounted under many names.
    String number = device.number();
    Mount.current().stream()
        .filter(mount -> mount.device().equals(number))
        .findFirst()
        .ifPresent(
            mount -> {
              throw OperatorError.refused(
                  "Slot %s is mounted at %s; unmount it first.".formatted(name, mount.target()));
            });
    if (device.isClaimed()) {
      throw OperatorError.refused(
          "Slot %s (%s) is in use: mounted in a container or another mount namespace, or part of a swap, RAID or device-mapper device. Free it first; lsblk and lsns -t mnt help to find who has it."
              .formatted(name, slot.device()));
    }
  }

  private static void requireRoomFor(FileSystemKind kind, Slot slot) {
    if (kind == FileSystemKind.XFS && slot.size() < SMALLEST_XFS) {
      throw OperatorError.refused(
          "Slot %s has %d MiB; an XFS file system needs %d. Take --filesystem ext4."
              .formatted(slot.name(), slot.size() >> 20, SMALLEST_XFS >> 20));
    }
  }

  /** Refuses what could not be booted or has no room, as long as the slot is still what it was. */
  private void requireFit(Image image, Slot slot) {
    progress.accept(
        "Looking through %s before slot %s is touched.".formatted(image.reference(), slot.name()));
    ImageSurvey survey = ImageSurvey.of(image);
    survey
        .missingBootFile()
        .ifPresent(
            missing -> {
              throw Unpacking.notPrepared(image, missing);
            });
    if (survey.leastSize() > slot.size()) {
      throw OperatorError.refused(
          "%s takes at least %d MiB and slot %s has only %d MiB; the slot was not touched."
              .formatted(
                  image.reference(),
                  (survey.leastSize() >> 20) + 1,
                  slot.name(),
                  slot.size() >> 20));
    }
  }

  /** Which slots could be written instead. */
  private String others(Conclusion now) {
    List<String> free = new WritableSlots(host, now).names();
    return free.isEmpty()
        ? " No slot of this host can be written now; a commit, a boot through the firmware or a third slot frees one."
        : " Slots that can be written: %s.".formatted(String.join(", ", free));
  }

  private static FileSystemKind kindOf(Slot slot) {
    return Superblock.read(slot.device(), 0)
        .map(Superblock::kind)
        .orElse(slot.size() < SMALLEST_XFS ? FileSystemKind.EXT4 : FileSystemKind.XFS);
  }

  private SlotRecord.Ready stage(
      Slot slot,
      FileSystemKind kind,
      Image image,
      Optional<ReleaseDescription> release,
      String transaction) {
    wipeHead(slot);
    progress.accept("Making an %s file system in slot %s.".formatted(kind.token(), slot.name()));
    UUID uuid = UUID.randomUUID();
    new MakeFileSystem(kind, kind.labelFor(slot.name()), uuid, tools).on(slot.device());
    progress.accept("Writing %s to slot %s.".formatted(image.reference(), slot.name()));
    Manifest written;
    try (MountedSlot mounted = MountedSlot.writable(slot, kind.token(), host.roots())) {
      written = new Unpacking(mounted.root()).unpack(image);
    }
    Instant writtenAt = Instant.now();
    host.journal().append(new Event.StagingWritten(transaction, slot.name()));

    progress.accept("Reading slot %s back.".formatted(slot.name()));
    new BlockDevice(slot.device()).flushBuffers();
    try (MountedSlot mounted = MountedSlot.readOnly(slot, kind.token(), host.roots())) {
      Manifest found = Manifest.of(TreeScanner.of(mounted.root()));
      requireSame(slot, written, found, release);
      if (kind == FileSystemKind.XFS) {
        new XfsBootFile(mounted.root(), SlotBootFiles.KERNEL).requireFewExtents();
        new XfsBootFile(mounted.root(), SlotBootFiles.INITRD).requireFewExtents();
      }
      SlotBootFiles files = SlotBootFiles.in(mounted.root());
      KernelImage kernel = KernelImage.read(files.kernel());
      SlotRecord.Ready record =
          new SlotRecord.Ready(
              slot.name(),
              image.reference(),
              release.map(ReleaseDescription::name),
              image.digest(),
              found.digest(),
              digest(files.kernel()),
              digest(files.initrd()),
              kernel.version(),
              kind.token(),
              uuid.toString(),
              writtenAt,
              Instant.now(),
              transaction);
      host.records().write(record, found);
      return record;
    }
  }

  private static void requireSame(
      Slot slot, Manifest written, Manifest found, Optional<ReleaseDescription> release) {
    List<Manifest.Difference> differences = written.differences(found);
    if (!differences.isEmpty()) {
      throw new OperatorError(
          "Slot %s does not hold what was written to it; the disk may be failing. Differences: %s%s."
              .formatted(
                  slot.name(),
                  differences.stream()
                      .limit(SHOWN_DIFFERENCES)
                      .map(difference -> difference.path() + " (" + difference.what() + ")")
                      .collect(Collectors.joining(", ")),
                  differences.size() > SHOWN_DIFFERENCES
                      ? " and %d more".formatted(differences.size() - SHOWN_DIFFERENCES)
                      : ""));
    }
    if (release.isPresent() && !release.get().tree().equals(found.digest())) {
      throw new OperatorError(
          "Slot %s holds another tree than the release %s says (%s, expected %s); publish the release again."
              .formatted(slot.name(), release.get().name(), found.digest(), release.get().tree()));
    }
  }

  private static Digest digest(Path file) {
    try (InputStream content = Files.newInputStream(file)) {
      return Digest.of(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Takes away what makes it a file system, so that nothing finds the old or a half new one. */
  private static void wipeHead(Slot slot) {
    try {
      new BlockDevice(slot.device()).wipeStart(Math.min(HEAD, slot.size()));
    } catch (SystemCallException e) {
      throw new OperatorError(
          "Slot %s could not be written (%s: %s)."
              .formatted(slot.name(), slot.device(), e.getMessage()),
          e);
    }
  }

  private void undo(Slot slot, String transaction, Throwable cause) {
    // A thread that is interrupted cannot write to a file: its channel is closed at once.
    boolean interrupted = Thread.interrupted();
    try {
      host.records().write(new SlotRecord.Empty(slot.name()));
      host.journal()
          .append(
              new Event.StagingFailed(
                  transaction,
                  slot.name(),
                  cause instanceof Error ? cause.toString() : String.valueOf(cause.getMessage())));
      wipeHead(slot);
    } catch (RuntimeException e) {
      cause.addSuppressed(e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * The agent is being ended in the middle. The record still says staging: whoever looks next calls
   * the slot empty.
   */
  private void letGo(Slot slot) {
    Path target = host.roots().privateMount(slot.name());
    if (Mount.current().stream().anyMatch(mount -> mount.target().equals(target))) {
      Mount.unmount(target);
    }
  }
}
