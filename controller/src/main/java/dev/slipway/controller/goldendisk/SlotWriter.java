package dev.slipway.controller.goldendisk;

import dev.slipway.boot.SlotBootFiles;
import dev.slipway.boot.TransactionId;
import dev.slipway.controller.goldendisk.DiskDescription.Content;
import dev.slipway.controller.osimage.OsImagePreparation;
import dev.slipway.controller.osimage.PreparationOptions;
import dev.slipway.controller.osimage.PreparedImage;
import dev.slipway.controller.progress.Counted;
import dev.slipway.controller.progress.Progress;
import dev.slipway.controller.progress.Step;
import dev.slipway.disk.DiskLayout;
import dev.slipway.filesystem.FeatureSet;
import dev.slipway.filesystem.FileSystemKind;
import dev.slipway.filesystem.MakeFileSystem;
import dev.slipway.filesystem.MkfsTools;
import dev.slipway.filesystem.XfsBootFile;
import dev.slipway.image.Image;
import dev.slipway.image.LayerStack;
import dev.slipway.linux.BlockDevice;
import dev.slipway.linux.Errno;
import dev.slipway.linux.LoopDevice;
import dev.slipway.linux.Mount;
import dev.slipway.linux.OpenFile;
import dev.slipway.linux.OperatorError;
import dev.slipway.linux.SystemCallException;
import dev.slipway.release.SlotRecord;
import dev.slipway.tree.Digest;
import dev.slipway.tree.EntryStream;
import dev.slipway.tree.Manifest;
import dev.slipway.tree.TreeScanner;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/** Writes the content of one slot of a disk or disk image, and reads it back. */
final class SlotWriter {
  /**
   * What an image brings is data here: its device nodes and set-uid programs must not work on the
   * building machine.
   */
  private static final Set<Mount.Option> CAREFULLY =
      EnumSet.of(Mount.Option.NO_DEV, Mount.Option.NO_SUID);

  private static final int ATTEMPTS = 100;
  private static final long PAUSE_NANOS = 200_000_000;

  private final Path disk;
  private final DiskLayout.Slot slot;
  private final Source source;
  private final Content content;
  private final Image image;
  private final PreparationOptions preparation;
  private final Stamps stamps;
  private final TransactionId transaction;
  private final Progress steps;
  private final Cancellation cancellation;

  /**
   * What goes into a slot.
   *
   * @param features of the file system that they go into
   * @param bytes about so many in its files; empty when nobody has looked
   */
  record Source(Content content, Image image, FeatureSet features, OptionalLong bytes) {}

  SlotWriter(
      Path disk,
      DiskLayout.Slot slot,
      Source source,
      PreparationOptions preparation,
      Stamps stamps,
      TransactionId transaction,
      Progress steps,
      Cancellation cancellation) {
    this.disk = disk;
    this.slot = slot;
    this.source = source;
    this.content = source.content();
    this.image = source.image();
    this.preparation = preparation;
    this.stamps = stamps;
    this.transaction = transaction;
    this.steps = steps;
    this.cancellation = cancellation;
  }

  /** A slot as it was read back, and what came of the preparation of its image. */
  record Written(SlotRecord.Ready record, Manifest manifest, PreparedImage image) {}

  Written write() {
    UUID uuid = stamps.uuid("file system of slot " + slot.name());
    try (LoopDevice device =
            LoopDevice.attach(disk, slot.partition().offset(), slot.partition().size());
        ScratchDirectory directory = ScratchDirectory.create("slipway-" + slot.name() + "-")) {
      step(
          "make " + content.fileSystem().token(),
          () ->
              stamps
                  .made(
                      new MakeFileSystem(
                          source.features(),
                          content.fileSystem().labelFor(slot.name()),
                          uuid,
                          MkfsTools.ofThisSystem()))
                  .on(device.path()));
      Prepared prepared = fill(device, directory.path());
      Instant writtenAt = stamps.now();
      return steps.run(
          slot.name() + ": read back",
          OptionalLong.of(prepared.manifest().contentSize()),
          step -> readBack(device, directory.path(), uuid, prepared, writtenAt, step));
    }
  }

  private record Prepared(PreparedImage image, Manifest manifest) {}

  private Prepared fill(LoopDevice device, Path root) {
    try (Mount mount = mount(device, root, CAREFULLY, stamps.mountOptions(content.fileSystem()))) {
      // An image knows no such directory; fsck makes one when it needs it.
      Files.deleteIfExists(root.resolve("lost+found"));
      Manifest unpacked =
          steps.run(
              slot.name() + ": unpack " + image.reference(),
              source.bytes(),
              step -> LayerStack.unpack(Counted.image(image, step), mount.target()));
      PreparedImage prepared = steps.run(slot.name() + ": prepare to boot", () -> prepare(root));
      return new Prepared(
          prepared, steps.run(slot.name() + ": make manifest", () -> finished(unpacked, root)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      throw explained(e);
    }
  }

  /** Another slot is prepared beside this one, so an error has to say which it is about. */
  private PreparedImage prepare(Path root) {
    try {
      return new OsImagePreparation().prepare(root, image, preparation);
    } catch (OperatorError e) {
      throw e.about("Slot " + slot.name() + ", " + image.reference());
    }
  }

  private Written readBack(
      LoopDevice device, Path root, UUID uuid, Prepared prepared, Instant writtenAt, Step step) {
    awaitUnmounted(device);
    forget(device);
    Set<Mount.Option> readOnly = EnumSet.of(Mount.Option.READ_ONLY);
    readOnly.addAll(CAREFULLY);
    try (Mount mount = mount(device, root, readOnly, "")) {
      Manifest found = manifestOf(mount.target(), step);
      List<Manifest.Difference> differences = prepared.manifest().differences(found);
      if (!differences.isEmpty()) {
        throw new OperatorError(
            "Slot "
                + slot.name()
                + " does not read back as it was written, first at "
                + differences.get(0).path()
                + " ("
                + differences.get(0).what()
                + "); "
                + (Files.isRegularFile(disk)
                    ? "the storage below " + disk.toAbsolutePath().getParent()
                    : "the disk " + disk)
                + " may be failing.");
      }
      if (content.fileSystem() == FileSystemKind.XFS) {
        requireFewExtents(root);
      }
      SlotBootFiles boot = SlotBootFiles.in(root);
      return new Written(
          new SlotRecord.Ready(
              slot.name(),
              image.reference(),
              Optional.empty(),
              image.digest(),
              found.digest(),
              digest(boot.kernel()),
              digest(boot.initrd()),
              prepared.image().kernelVersion(),
              content.fileSystem().token(),
              uuid.toString(),
              writtenAt,
              stamps.now(),
              transaction.text()),
          found,
          prepared.image());
    }
  }

  /**
   * What is read from here on comes from the medium; it was unmounted, so its files are forgotten.
   */
  private void forget(LoopDevice device) {
    new BlockDevice(device.path()).flushBuffers();
    try (OpenFile file = OpenFile.openToRead(disk)) {
      file.flushAndForget(slot.partition().offset(), slot.partition().size());
    }
  }

  private void requireFewExtents(Path root) {
    try {
      new XfsBootFile(root, SlotBootFiles.KERNEL).requireFewExtents();
      new XfsBootFile(root, SlotBootFiles.INITRD).requireFewExtents();
    } catch (OperatorError e) {
      throw e.about("Slot " + slot.name() + ", " + image.reference());
    }
  }

  private Mount mount(
      LoopDevice device, Path root, Set<Mount.Option> options, String mountOptions) {
    return Mount.of(device.path(), root, content.fileSystem().token(), options, mountOptions);
  }

  /**
   * A file system may stay in use for a moment after it was unmounted: a program's new mount
   * namespace, made while another slot is prepared, has a copy of its mount until it lets go of it.
   */
  private void awaitUnmounted(LoopDevice device) {
    BlockDevice slotDevice = new BlockDevice(device.path());
    for (int attempt = 1; slotDevice.isClaimed() && attempt < ATTEMPTS; attempt++) {
      cancellation.check();
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  /** What the tree holds at last; only the reading back says that the medium has it. */
  private Manifest finished(Manifest unpacked, Path root) {
    Manifest known = unpacked.without(OsImagePreparation.OWN);
    try (EntryStream entries = cancellation.guard(TreeScanner.of(root))) {
      return stamps.setBack(root, Manifest.of(entries, known));
    }
  }

  private Manifest manifestOf(Path root, Step step) {
    try (EntryStream entries = cancellation.guard(Counted.entries(TreeScanner.of(root), step))) {
      return Manifest.of(entries);
    }
  }

  private static Digest digest(Path file) {
    try (InputStream content = Files.newInputStream(file)) {
      return Digest.of(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void step(String what, Runnable work) {
    steps.run(slot.name() + ": " + what, work);
  }

  /** A full slot is what an operator can mend, so that is said before anything else. */
  private RuntimeException explained(RuntimeException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if ((cause instanceof SystemCallException call && call.is(Errno.ENOSPC))
          || String.valueOf(cause.getMessage()).contains("No space left on device")) {
        return new FullSlot(slot.name(), new ByteSize(slot.partition().size()), image)
            .told(failure);
      }
    }
    return failure;
  }
}
