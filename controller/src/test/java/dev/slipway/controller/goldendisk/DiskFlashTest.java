package dev.slipway.controller.goldendisk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.slipway.controller.goldendisk.DiskInspection.SlotFinding;
import dev.slipway.controller.osimage.CheckChoice;
import dev.slipway.controller.osimage.PreparedImage;
import dev.slipway.controller.progress.PlainLines;
import dev.slipway.controller.progress.Progress;
import dev.slipway.controller.targetdisk.TargetDisk;
import dev.slipway.disk.BiosBootCode;
import dev.slipway.disk.DiskLayout;
import dev.slipway.disk.EfiSystemPartition;
import dev.slipway.disk.GrubImages;
import dev.slipway.disk.Partition;
import dev.slipway.disk.PartitionTable;
import dev.slipway.filesystem.FileSystemKind;
import dev.slipway.filesystem.MakeFileSystem;
import dev.slipway.linux.Command;
import dev.slipway.linux.LoopDevice;
import dev.slipway.linux.Mount;
import dev.slipway.linux.OperatorError;
import dev.slipway.tree.Digest;
import dev.slipway.tree.EntryStream;
import dev.slipway.tree.Manifest;
import dev.slipway.tree.TreeScanner;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Builds onto real block devices, that were something else before. */
class DiskFlashTest {
  private static final long MIB = 1 << 20;
  private static final String SLOT =
      "{name: %s, image: \"%s\", size: 64MiB, initrd: keep, agent: false}";

  @TempDir Path directory;
  private final StringWriter progress = new StringWriter();
  private Path file;
  private LoopDevice disk;

  @AfterEach
  void detach() {
    disk.close();
  }

  private void attach(long size) throws IOException {
    file = directory.resolve("disk");
    try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "rw")) {
      image.setLength(size);
    }
    disk = LoopDevice.attach(file, 0, size);
  }

  private Path work() {
    return directory.resolve("work");
  }

  private DiskBuilder builder(String yaml) throws IOException {
    return new TestBuild(directory, progress).builder(yaml);
  }

  private void flash(String yaml) throws IOException {
    try (TargetDisk target = TargetDisk.claim(disk.path())) {
      builder(yaml).flash(target, work());
    }
  }

  private String oneSlot(TinyImage image) {
    return "slots: [" + SLOT.formatted("slot1", image.reference()) + "]\ndata: {size: 32MiB}\n";
  }

  @Test
  void aRealDiskHoldsWhatItsDescriptionSaysAndItsTableReachesItsEnd() throws IOException {
    attach(420 * MIB + 512);
    fillWithJunk();
    TinyImage first = TinyImage.in(directory.resolve("first"), 1).with("usr/share/data", 200_000);
    TinyImage second = TinyImage.in(directory.resolve("second"), 2);

    flash(
        "slots:\n  - "
            + SLOT.formatted("slot1", first.reference())
            + "\n  - "
            + SLOT.formatted("slot2", second.reference())
            + "\n  - {name: slot3, size: 64MiB}\ndata: {size: 32MiB}\n");

    DiskInspection found = DiskInspection.of(disk.path());
    assertThat(found.table().whole()).isTrue();
    assertThat(found.size().bytes()).isEqualTo(420 * MIB + 512);
    assertThat(found.environment().whole()).isTrue();
    assertThat(found.nextBoot().slot()).contains("slot1");
    assertThat(found.slots().get(0).asRecorded()).contains(true);
    assertThat(found.slots().get(1).asRecorded()).contains(true);
    assertThat(DiskLayout.of(found.table().table(), "disk").data().orElseThrow().size())
        .as("data takes what is left")
        .isGreaterThan(150 * MIB);
    assertThat(Command.of("sgdisk", "--verify", disk.path().toString()).run().out())
        .contains("No problems found");
    assertThat(progress.toString())
        .contains("read " + disk.path() + " back", disk.path() + " is ready")
        .contains("Note on slot1 (fsck): The image has no fsck.ext4;", "Note on slot2 (fsck): ")
        .containsPattern("\nslot2: [0-9]+ changes \\(in /usr/lib/slipway/changes\\)[.]\n");
  }

  @Test
  void whatAFirmwareStartsFromIsWrittenLast() throws IOException {
    attach(300 * MIB);

    flash(oneSlot(TinyImage.in(directory.resolve("image"), 1)));

    assertThat(progress.toString())
        .containsSubsequence(
            "slot1: read back: ",
            "data partition: ",
            "read kernels with GRUB's drivers: ",
            "EFI system partition ...",
            "BIOS boot code ...",
            "flush to " + disk.path(),
            "read " + disk.path() + " back");
  }

  @Test
  void aLinkToTheDiskMayGoAwayOnceItIsClaimed() throws IOException {
    attach(300 * MIB);
    TinyImage image = TinyImage.in(directory.resolve("image"), 1);
    Path link = Files.createSymbolicLink(directory.resolve("by-label"), disk.path());

    try (TargetDisk target = TargetDisk.claim(link)) {
      assertThat(TargetReport.text(target))
          .startsWith(disk.path() + " (" + link + "): 300 MiB, backing file ");
      Files.delete(link);
      builder(oneSlot(image)).flash(target, work());
    }

    assertThat(DiskInspection.of(disk.path()).nextBoot().slot()).contains("slot1");
  }

  @Test
  void slotsThatSizeThemselvesShareTheRealDisk() throws IOException {
    attach(1500 * MIB);
    TinyImage image = TinyImage.in(directory.resolve("image"), 1);
    String yaml =
        "slots: [{name: slot1, image: '%s', initrd: keep, agent: false}]\ndata: {size: 32MiB}\n"
            .formatted(image.reference());

    flash(yaml);

    DiskLayout layout = DiskLayout.of(PartitionTable.read(disk.path()), "disk");
    assertThat(layout.data().orElseThrow().size()).isLessThan(40 * MIB);
    assertThat(layout.slots().get(0).partition().size()).isGreaterThan(1390 * MIB);
  }

  @Test
  void aDiskTooSmallForWhatASlotNeedsIsRefusedBeforeItIsWritten() throws IOException {
    attach(300 * MIB);
    fillWithJunk();
    byte[] before = Files.readAllBytes(file);
    TinyImage image = TinyImage.in(directory.resolve("image"), 1);

    OperatorError refusal =
        catchThrowableOfType(
            OperatorError.class,
            () ->
                flash(
                    "slots: [{name: slot1, image: '%s', initrd: keep, agent: false}]\ndata: {size: 32MiB}\n"
                        .formatted(image.reference())));

    assertThat(refusal.exitCode()).isEqualTo(3);
    assertThat(refusal).hasMessageContaining("300 MiB").hasMessageContaining("slot1 needs 51");
    assertThat(Files.mismatch(file, Files.write(directory.resolve("before"), before)))
        .isEqualTo(-1);
  }

  @Test
  void whatAnEmptySlotWasBeforeIsNoLongerRecognised() throws IOException {
    attach(400 * MIB);
    TinyImage image = TinyImage.in(directory.resolve("image"), 1);
    String yaml =
        "slots:\n  - "
            + SLOT.formatted("slot1", image.reference())
            + "\n  - {name: slot2, size: 64MiB}\ndata: {size: 32MiB}\n";
    flash(yaml);
    Partition slot2 = DiskInspection.of(disk.path()).slots().get(1).slot().partition();
    try (LoopDevice old = LoopDevice.attach(disk.path(), slot2.offset(), slot2.size())) {
      Command.of("mkfs.ext4", "-q", old.path().toString()).run();
    }
    assertThat(DiskInspection.of(disk.path()).slots().get(1).fileSystem()).isPresent();

    flash(yaml);

    SlotFinding empty = DiskInspection.of(disk.path()).slots().get(1);
    assertThat(empty.fileSystem()).isEmpty();
    assertThat(empty.readable()).isFalse();
  }

  @Test
  void aDiskWithAnMsdosTableHasItsThirdSlotBehindTheFourthPartition() throws IOException {
    attach(500 * MIB);
    TinyImage image = TinyImage.in(directory.resolve("image"), 1);

    flash(
        "table: msdos\nslots:\n  - "
            + SLOT.formatted("slot1", image.reference())
            + "\n  - "
            + SLOT.formatted("slot2", image.reference())
            + "\n  - "
            + SLOT.formatted("slot3", image.reference())
            + "\ndata: {size: 32MiB}\ndefault: slot3\n");

    DiskInspection found = DiskInspection.of(disk.path());
    assertThat(found.table().table().kind()).isEqualTo(PartitionTable.Kind.MSDOS);
    assertThat(found.nextBoot().slot()).contains("slot3");
    assertThat(found.slots())
        .extracting(slot -> slot.slot().partition().number())
        .containsExactly(2, 3, 5);
    assertThat(found.slots()).allMatch(slot -> slot.asRecorded().equals(Optional.of(true)));
  }

  @Test
  void aDiskThatIsTooSmallIsRefusedWithBothNumbersAndStaysAsItWas() throws IOException {
    attach(150 * MIB);
    fillWithJunk();
    byte[] before = Files.readAllBytes(file);
    TinyImage image = TinyImage.in(directory.resolve("image"), 1);

    OperatorError refusal = catchThrowableOfType(OperatorError.class, () -> flash(oneSlot(image)));

    assertThat(refusal.exitCode()).isEqualTo(3);
    assertThat(refusal)
        .hasMessageStartingWith(
            disk.path() + " has 150 MiB, but the disk that " + directory + "/disk.yml describes")
        .hasMessageContaining("needs 163 MiB");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("imagesThatBootNowhere")
  void anImageThatCanBeSeenToBootNowhereCostsNoDisk(String slot, String made, String sentence)
      throws IOException {
    attach(170 * MIB);
    writeSomebodysData();
    Digest before = onDisk();
    TinyImage bad = TinyImage.in(directory.resolve("bad"), 2);
    Command.of("sh", "-ec", made).directory(directory.resolve("bad")).run();

    OperatorError refusal = refused(bad, slot, CheckChoice.MEND_ALL);

    assertThat(refusal)
        .hasMessage(
            sentence
                .replace("SLOT", "Slot slot1, " + bad.reference())
                .replace("DISK", directory + "/disk.yml"));
    assertThatNothingWasWritten(before);
  }

  @Test
  void anImageThatNeedsAMendAndMayNotHaveItCostsNoDisk() throws IOException {
    attach(170 * MIB);
    writeSomebodysData();
    Digest before = onDisk();
    TinyImage bad = TinyImage.in(directory.resolve("bad"), 2).withText(".dockerenv", "");

    OperatorError refusal = refused(bad, "initrd: keep", new CheckChoice(false, Set.of()));

    assertThat(refusal)
        .hasMessageStartingWith(
            "Slot slot1, " + bad.reference() + ": The image is to be taken as it is (--no-fix),")
        .hasMessageContaining("/.dockerenv");
    assertThat(refusal.exitCode()).isEqualTo(3);
    assertThatNothingWasWritten(before);
  }

  private OperatorError refused(TinyImage image, String slot, CheckChoice checks)
      throws IOException {
    DiskBuilder builder =
        new TestBuild(directory, progress)
            .checked(checks)
            .builder(
                "slots: [{name: slot1, size: 64MiB, agent: false, image: '%s', %s}]\ndata: {size: 32MiB}\n"
                    .formatted(image.reference(), slot));
    try (TargetDisk target = TargetDisk.claim(disk.path())) {
      return catchThrowableOfType(OperatorError.class, () -> builder.flash(target, work()));
    }
  }

  private void assertThatNothingWasWritten(Digest before) throws IOException {
    assertThat(progress.toString()).doesNotContain("wipe", "nothing that boots");
    assertThat(onDisk()).isEqualTo(before);
    assertThat(work())
        .satisfiesAnyOf(
            none -> assertThat(none).doesNotExist(), none -> assertThat(none).isEmptyDirectory());
  }

  @Test
  void anImageThatHasNoRoomToBeCheckedIsFlashedWithAWarning() throws IOException {
    attach(300 * MIB);
    Files.createDirectory(work());
    Command.of("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", work().toString()).run();
    try {
      flash(oneSlot(TinyImage.in(directory.resolve("image"), 1)));
    } finally {
      Command.of("umount", work().toString()).run();
    }

    assertThat(progress.toString())
        .containsSubsequence(
            "Warning: the image of slot slot1 is not checked before the disk is erased, for "
                + work()
                + " has 64 KiB free and the image needs ",
            ". Name a directory with room with --work.",
            "wipe");
    assertThat(DiskInspection.of(disk.path()).nextBoot().slot()).contains("slot1");
  }

  /** Where a disk has its boot code, its tables and what lies between them. */
  private void writeSomebodysData() throws IOException {
    byte[] junk = new byte[1 << 20];
    new Random(1).nextBytes(junk);
    try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "rw")) {
      for (long place : new long[] {0, image.length() / 2, image.length() - junk.length}) {
        image.seek(place);
        image.write(junk);
      }
    }
  }

  private Digest onDisk() throws IOException {
    try (InputStream content = Files.newInputStream(file)) {
      return Digest.of(content);
    }
  }

  static Stream<Arguments> imagesThatBootNowhere() {
    String debian = "mkdir etc && echo ID=debian >etc/os-release; ";
    return Stream.of(
        arguments(
            "initrd: make",
            debian,
            "SLOT: The image has no kernel. Install linux-image-amd64 in the image (apt-get install"
                + " linux-image-amd64)."),
        arguments(
            "initrd: make",
            debian + "touch boot/vmlinuz-6.1.0-9-amd64",
            "SLOT: The image has a kernel (/boot/vmlinuz-6.1.0-9-amd64) but not its modules in"
                + " /lib/modules. Install linux-image-amd64 in the image (apt-get install"
                + " linux-image-amd64)."),
        arguments(
            "initrd: make",
            "mkdir -p lib/modules/6.1.0-9 && touch lib/modules/6.1.0-9/modules.dep",
            "SLOT: The image has modules of the kernel 6.1.0-9 but no vmlinuz of that version in"
                + " /boot or beside them. Install a Linux kernel in the image."),
        arguments(
            "kernel: 6.1.0-8",
            "mkdir -p lib/modules/6.1.0-9 && cd lib/modules/6.1.0-9 && touch modules.dep vmlinuz",
            "DISK, line 1: 'slots[0].kernel' is \"6.1.0-8\" (did you mean \"6.1.0-9\"?), but the"
                + " image has no such kernel with its modules; it has 6.1.0-9. Name one of them,"
                + " or none for the newest."),
        arguments(
            "initrd: keep",
            "rm sbin/init",
            "SLOT: /sbin/init of the image is missing, or a link that leads nowhere, so nothing"
                + " would start after its kernel. Install an init such as systemd in the image."),
        arguments(
            "initrd: keep",
            "ln -sf /lib/systemd/systemd sbin/init",
            "SLOT: /sbin/init of the image is missing, or a link that leads nowhere, so nothing"
                + " would start after its kernel. Install an init such as systemd in the image."),
        arguments(
            "initrd: keep",
            "rm boot/slipway/initrd",
            "SLOT: The image has no regular file /boot/slipway/initrd. An image with 'initrd: keep'"
                + " brings its kernel and initrd itself; without them, leave 'initrd' out."),
        arguments(
            "initrd: keep",
            "rm boot/slipway/vmlinuz",
            "SLOT: The image has no regular file /boot/slipway/vmlinuz. An image with 'initrd: keep'"
                + " brings its kernel and initrd itself; without them, leave 'initrd' out."),
        arguments(
            "initrd: keep",
            "truncate -s 200000 boot/slipway/initrd",
            "SLOT: /boot/slipway/initrd of the image cannot be read to its end. The initrd is cut"
                + " off: its last archive has no end. Make it again or, if it boots all the same,"
                + " switch the check 'kept-initrd' off."),
        arguments(
            "initrd: keep",
            "echo 'an error page' >boot/slipway/vmlinuz",
            "SLOT: /boot/slipway/vmlinuz of the image is not a Linux kernel for x86 (bzImage)."),
        arguments(
            "initrd: keep",
            "mv boot elsewhere && ln -s elsewhere boot",
            "SLOT: /boot of the image is a link; the boot loader needs it to be none."),
        arguments(
            "initrd: keep",
            "echo '#!/bin/sh' >sbin/init",
            "SLOT: /sbin/init of the image needs /bin/sh to start, which is not there, so nothing"
                + " would start after its kernel. Install an init such as systemd in the image."),
        arguments(
            "initrd: keep",
            "mkdir -p etc/selinux && echo SELINUX=enforcing >etc/selinux/config",
            "SLOT: The image enforces SELinux (/etc/selinux/config), but files in a slot have no"
                + " labels, so nothing in it would be allowed to run. Set SELINUX=permissive or"
                + " SELINUX=disabled there, or selinux=0 in the 'kernel-arguments' of disk.yml; where"
                + " no disk.yml is read and every disk has it, switch the check 'selinux' off."));
  }

  @Test
  void aBuildThatFailsLeavesNothingThatBootsAndSaysSo() throws IOException {
    attach(300 * MIB);
    TinyImage good = TinyImage.in(directory.resolve("good"), 1);
    flash(oneSlot(good));
    // Beside what ext4 itself takes at least, there would be room.
    TinyImage large = TinyImage.in(directory.resolve("large"), 2).with("large", 58 << 20);

    OperatorError failure = catchThrowableOfType(OperatorError.class, () -> flash(oneSlot(large)));

    assertThat(failure).hasMessageContaining("slot1").hasMessageContaining("full");
    assertThat(progress.toString())
        .endsWith(disk.path() + " holds nothing that boots now; flash it again.\n");
    assertThat(nothingBoots()).isTrue();
  }

  @Test
  void aDiskThatDoesNotReadBackIsMadeUnbootable() throws IOException {
    attach(300 * MIB);
    TinyImage image = TinyImage.in(directory.resolve("image"), 1);
    flash(oneSlot(image));
    DiskLayout layout = DiskLayout.of(PartitionTable.read(disk.path()), "disk");
    Manifest data = onDataPartition();

    OperatorError failure;
    try (TargetDisk target = TargetDisk.claim(disk.path())) {
      DiskFlash onto = onto(target, layout, () -> {});
      failure =
          catchThrowableOfType(
              OperatorError.class,
              () ->
                  onto.run(
                      () -> {
                        layout.table().write(disk.path());
                        return new DiskReadBack(
                            layout,
                            GrubImages.ofThisSystem().bios(PartitionTable.Kind.GPT),
                            new EfiSystemPartition(1, new byte[1], "", new byte[1024]),
                            new DiskWriter.Written(List.of(), Optional.of(data)),
                            UnaryOperator.identity());
                      }));
    }

    assertThat(failure)
        .hasMessage("The boot code for BIOS on " + disk.path() + " does not read back.");
    assertThat(progress.toString()).contains("holds nothing that boots now");
    assertThat(nothingBoots()).isTrue();
  }

  @Test
  void aDiskThatTheMemoryDoesNotSufficeToReadBackIsMadeUnbootable() throws IOException {
    attach(300 * MIB);
    flash(oneSlot(TinyImage.in(directory.resolve("image"), 1)));
    DiskLayout layout = DiskLayout.of(PartitionTable.read(disk.path()), "disk");

    try (TargetDisk target = TargetDisk.claim(disk.path())) {
      DiskFlash onto = onto(target, layout, () -> {});
      OutOfMemoryError failure =
          catchThrowableOfType(
              OutOfMemoryError.class,
              () ->
                  onto.run(
                      () -> {
                        writeWhatBoots(layout);
                        throw new OutOfMemoryError("Java heap space");
                      }));
      assertThat(failure).isNotNull();
    }

    assertThat(progress.toString()).contains("holds nothing that boots now");
    assertThat(nothingBoots()).isTrue();
  }

  /** Table, boot code and EFI system partition, and what a read-back would look for. */
  private DiskReadBack writeWhatBoots(DiskLayout layout) {
    BiosBootCode bios = GrubImages.ofThisSystem().bios(PartitionTable.Kind.GPT);
    EfiSystemPartition esp = new EfiSystemPartition(1, new byte[1], "", new byte[1024]);
    layout.table().write(disk.path());
    esp.writeTo(disk.path(), layout.esp());
    bios.writeTo(disk.path(), layout);
    try (LoopDevice data =
        LoopDevice.attach(
            disk.path(),
            layout.data().orElseThrow().offset(),
            layout.data().orElseThrow().size())) {
      new MakeFileSystem(FileSystemKind.EXT4, "slipway-data", UUID.randomUUID()).on(data.path());
    }
    return new DiskReadBack(
        layout,
        bios,
        esp,
        new DiskWriter.Written(List.of(), Optional.of(onDataPartition())),
        UnaryOperator.identity());
  }

  @Test
  void aSignalBeforeTheFirstWriteLeavesTheDiskAsItWas() throws IOException {
    attach(300 * MIB);
    flash(oneSlot(TinyImage.in(directory.resolve("image"), 1)));
    DiskLayout layout = DiskLayout.of(PartitionTable.read(disk.path()), "disk");

    try (TargetDisk target = TargetDisk.claim(disk.path())) {
      DiskFlash onto = onto(target, layout, DiskFlashTest::stop);
      assertThat(
              catchThrowableOfType(
                  OperatorError.class,
                  () ->
                      onto.run(
                          () -> {
                            throw new AssertionError("it is built");
                          })))
          .hasMessage("The build was stopped.");
    }

    assertThat(nothingBoots()).isFalse();
    assertThat(DiskInspection.of(disk.path()).nextBoot().slot()).contains("slot1");
  }

  @Test
  void aSignalAfterTheReadBackLeavesTheDiskWhole() throws IOException {
    attach(300 * MIB);
    flash(oneSlot(TinyImage.in(directory.resolve("image"), 1)));
    DiskLayout layout = DiskLayout.of(PartitionTable.read(disk.path()), "disk");
    progress.getBuffer().setLength(0);

    try (TargetDisk target = TargetDisk.claim(disk.path())) {
      onto(target, layout, this::stopOnceTheDiskIsReadBack).run(() -> writeWhatBoots(layout));
    }

    assertThat(progress.toString())
        .contains("read " + disk.path() + " back: ")
        .doesNotContain("nothing that boots");
    assertThat(nothingBoots()).isFalse();
  }

  private void stopOnceTheDiskIsReadBack() {
    if (progress.toString().contains("read " + disk.path() + " back: ")) {
      stop();
    }
  }

  private static void stop() {
    throw new OperatorError("The build was stopped.");
  }

  private DiskFlash onto(TargetDisk target, DiskLayout layout, Runnable beforeEachStep) {
    PrintWriter out = new PrintWriter(progress, true);
    return new DiskFlash(
        target, layout, new Progress(new PlainLines(out), beforeEachStep), out::println);
  }

  @Test
  void aSlotThatSomethingWentOverIsFoundInTheEnd() throws IOException {
    attach(300 * MIB);
    TinyImage image = TinyImage.in(directory.resolve("image"), 1).with("usr/share/data", 900_000);
    flash(oneSlot(image));
    long slot1 =
        PartitionTable.read(disk.path()).named("slipway-slot-slot1").orElseThrow().offset();

    Command.of("debugfs", "-w", "-R", "unlink /usr/share/data", disk.path() + "?offset=" + slot1)
        .run();

    DiskReadBack written = readBackOfSlot1(UnaryOperator.identity());
    assertThat(catchThrowableOfType(OperatorError.class, () -> written.requireTrees(disk.path())))
        .hasMessageStartingWith(
            "Slot slot1 of " + disk.path() + " (first usr/share/data) does not read back")
        .hasMessageContaining("smaller than it says");
  }

  @Test
  void aDataPartitionThatSomethingWentOverIsFoundInTheEnd() throws IOException {
    attach(300 * MIB);
    flash(oneSlot(TinyImage.in(directory.resolve("image"), 1)));
    DiskReadBack written = readBackOfSlot1(UnaryOperator.identity());
    long data = PartitionTable.read(disk.path()).named("slipway-data").orElseThrow().offset();

    Command.of("debugfs", "-w", "-R", "unlink /slots/slot1.json", disk.path() + "?offset=" + data)
        .run();

    assertThat(catchThrowableOfType(OperatorError.class, () -> written.requireTrees(disk.path())))
        .hasMessageStartingWith(
            "The data partition of "
                + disk.path()
                + " (first slots/slot1.json) does not read back");
  }

  @Test
  void aDataPartitionThatIsNoFileSystemAnyMoreIsFoundInTheEnd() throws IOException {
    attach(300 * MIB);
    flash(oneSlot(TinyImage.in(directory.resolve("image"), 1)));
    DiskReadBack written = readBackOfSlot1(UnaryOperator.identity());
    long data = PartitionTable.read(disk.path()).named("slipway-data").orElseThrow().offset();

    Command.of("dd", "if=/dev/zero", "of=" + disk.path(), "bs=1M", "count=1", "seek=" + data / MIB)
        .run();

    assertThat(catchThrowableOfType(OperatorError.class, () -> written.requireTrees(disk.path())))
        .hasMessageStartingWith("The data partition of " + disk.path() + " (mount of ")
        .hasMessageContaining("does not read back");
  }

  @Test
  void aSignalEndsTheReadBackOfASlot() throws IOException {
    attach(300 * MIB);
    flash(oneSlot(TinyImage.in(directory.resolve("image"), 1)));
    try (Cancellation cancellation = Cancellation.onSignals(new PrintWriter(progress))) {
      DiskReadBack written = readBackOfSlot1(cancellation::guard);
      written.requireTrees(disk.path());

      cancellation.cancel();

      assertThat(catchThrowableOfType(OperatorError.class, () -> written.requireTrees(disk.path())))
          .hasMessage("The build was stopped.");
    }
  }

  private DiskReadBack readBackOfSlot1(UnaryOperator<EntryStream> guard) {
    DiskInspection found = DiskInspection.of(disk.path());
    SlotFinding slot = found.slots().get(0);
    return new DiskReadBack(
        DiskLayout.of(found.table().table(), "disk"),
        GrubImages.ofThisSystem().bios(PartitionTable.Kind.GPT),
        new EfiSystemPartition(1, new byte[1], "", new byte[1024]),
        new DiskWriter.Written(
            List.of(
                new SlotWriter.Written(
                    slot.ready().orElseThrow(),
                    Manifest.parse(manifestOfSlot1()),
                    new PreparedImage(
                        TinyImage.KERNEL_VERSION, List.of(), List.of(), true, Optional.empty()))),
            Optional.of(onDataPartition())),
        guard);
  }

  private Manifest onDataPartition() {
    Partition data = PartitionTable.read(disk.path()).named("slipway-data").orElseThrow();
    try (LoopDevice device = LoopDevice.attach(disk.path(), data.offset(), data.size(), true);
        ScratchDirectory mountPoint = ScratchDirectory.create("slipway-test-");
        Mount mount =
            Mount.of(
                device.path(), mountPoint.path(), "ext4", EnumSet.of(Mount.Option.READ_ONLY), "");
        EntryStream entries = TreeScanner.of(mount.target())) {
      return Manifest.of(entries);
    }
  }

  private String manifestOfSlot1() {
    long offset = PartitionTable.read(disk.path()).named("slipway-data").orElseThrow().offset();
    return Command.of(
            "debugfs", "-R", "cat /slots/slot1.manifest", disk.path() + "?offset=" + offset)
        .run()
        .out();
  }

  @Test
  void whatIsOnTheDiskIsShownBefore() throws IOException {
    attach(300 * MIB);
    TinyImage image = TinyImage.in(directory.resolve("image"), 1);
    try (TargetDisk target = TargetDisk.claim(disk.path())) {
      assertThat(TargetReport.text(target))
          .isEqualTo(disk.path() + ": 300 MiB, backing file " + file + "\n  no partition table\n");
    }
    flash(oneSlot(image));
    try (TargetDisk target = TargetDisk.claim(disk.path())) {
      assertThat(TargetReport.text(target).lines())
          .containsExactly(
              disk.path() + ": 300 MiB, backing file " + file,
              "  partition table gpt",
              "  1: 1 MiB \"slipway-bios\"",
              "  2: 64 MiB \"slipway-esp\", FAT",
              "  3: 64 MiB \"slipway-slot-slot1\", ext4 \"slot1\", Slipway slot, "
                  + image.reference(),
              "  4: 169 MiB \"slipway-data\", ext4 \"slipway-data\"");
    }
  }

  @Test
  void whoeverIsAskedToEraseADiskIsToldThatItsTableIsDamaged() throws IOException {
    attach(300 * MIB);
    Command.of("sfdisk", "--quiet", file.toString()).input("label: gpt\n".getBytes(UTF_8)).run();
    try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "rw")) {
      image.seek(512);
      image.write(new byte[512]);
      image.seek(300 * MIB - 512);
      image.write(new byte[512]);
    }
    try (TargetDisk target = TargetDisk.claim(disk.path())) {
      assertThat(TargetReport.text(target))
          .endsWith(
              "\n  partition table damaged: Both copies of the partition table of "
                  + disk.path()
                  + " are damaged.\n");
    }
  }

  /** Neither boot code for BIOS, nor a file system that UEFI could find a program in. */
  private boolean nothingBoots() throws IOException {
    byte[] start = new byte[66 << 20];
    try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "r")) {
      image.readFully(start);
    }
    boolean code = false;
    for (int i = 0; i < 440; i++) {
      code |= start[i] != 0;
    }
    String esp = new String(start, 2 << 20, 1 << 20, StandardCharsets.ISO_8859_1);
    return !code && !esp.contains("FAT32");
  }

  private void fillWithJunk() throws IOException {
    byte[] junk = new byte[1 << 20];
    new Random(1).nextBytes(junk);
    try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "rw")) {
      while (image.getFilePointer() < image.length()) {
        image.write(junk, 0, (int) Math.min(junk.length, image.length() - image.getFilePointer()));
      }
    }
  }
}
