package dev.slipway.agent.flash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.agent.slots.MountedSlot;
import dev.slipway.agent.slots.TestDisk;
import dev.slipway.agent.switching.CommitPolicy;
import dev.slipway.agent.switching.Event.Way;
import dev.slipway.agent.switching.HostStatus;
import dev.slipway.agent.switching.Reconciliation;
import dev.slipway.agent.switching.StatusReport;
import dev.slipway.agent.switching.Switch;
import dev.slipway.agent.switching.TestHost;
import dev.slipway.agent.switching.ThisHost;
import dev.slipway.agent.switching.Trial;
import dev.slipway.boot.TransactionId;
import dev.slipway.filesystem.FileSystemKind;
import dev.slipway.filesystem.MkfsTools;
import dev.slipway.filesystem.Superblock;
import dev.slipway.image.Image;
import dev.slipway.image.LocalImages;
import dev.slipway.linux.OperatorError;
import dev.slipway.release.Phase;
import dev.slipway.release.ReleaseDescription;
import dev.slipway.release.ReleaseName;
import dev.slipway.release.SlotRecord;
import dev.slipway.tree.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flashing real partitions: what arrives, what is refused, what a failure leaves behind. */
class FlashTest {
  @TempDir Path directory;
  private TestDisk disk;
  private ThisHost host;

  @BeforeEach
  void make() throws IOException {
    disk = TestDisk.make(directory);
    host = new TestHost().on(disk);
  }

  @AfterEach
  void close() {
    assertThat(disk.mounts()).as("mounts left behind").isEmpty();
    disk.close();
  }

  private SlotRecord.Ready flash(String slot, Path tar) {
    return flash(slot, tar, Optional.of(FileSystemKind.EXT4), Optional.empty());
  }

  private SlotRecord.Ready flash(
      String slot, Path tar, Optional<FileSystemKind> kind, Optional<ReleaseDescription> release) {
    try (Image image = LocalImages.open("rootfs:" + tar)) {
      return new Flash(host, MkfsTools.ofThisSystem(), sentence -> {})
          .write(slot, image, kind, release);
    }
  }

  private HostStatus status() {
    return new StatusReport(host, "test").now();
  }

  @Test
  void aSlotHoldsWhatTheImageHeld() throws IOException {
    SlotRecord.Ready record = flash("new", disk.preparedOs("one"));
    assertThat(record.kernelVersion()).isEqualTo("6.1.0-one");
    assertThat(host.records().read("new")).isEqualTo(record);
    assertThat(status().phase()).isEqualTo(Phase.STAGED);
    try (MountedSlot mounted =
        MountedSlot.readOnly(host.disk().slot("new"), "ext4", disk.roots())) {
      assertThat(mounted.root().resolve("usr/bin/hello")).hasContent("#!/bin/sh\necho one");
      assertThat(Files.getAttribute(mounted.root().resolve("usr/bin/hello"), "unix:nlink"))
          .isEqualTo(2);
      assertThat(mounted.root().toFile().list()).containsExactlyInAnyOrder("bin", "boot", "usr");
    }
  }

  @Test
  void keepsTheKindOfFileSystemThatTheSlotHas() throws IOException {
    flash("new", disk.preparedOs("one"));
    SlotRecord.Ready second =
        flash("new", disk.preparedOs("two"), Optional.empty(), Optional.empty());
    assertThat(second.fileSystem()).isEqualTo("ext4");
    assertThat(second.kernelVersion()).isEqualTo("6.1.0-two");
  }

  @Test
  void takesAReleaseWhoseTreeIsTheOneThatWasPublished() throws IOException {
    Path tar = disk.preparedOs("one");
    Digest tree = flash("new", tar).manifest();
    ReleaseDescription release =
        new ReleaseDescription(new ReleaseName("web", "2"), tree, "6.1.0-one");
    SlotRecord.Ready record = flash("new", tar, Optional.empty(), Optional.of(release));
    assertThat(record.release()).contains(new ReleaseName("web", "2"));
  }

  @Test
  void emptiesTheSlotWhenTheTreeIsNotTheOneThatWasPublished() throws IOException {
    ReleaseDescription release =
        new ReleaseDescription(new ReleaseName("web", "2"), Digest.of(new byte[] {1}), "6.1.0-one");
    Path tar = disk.preparedOs("one");
    assertThatThrownBy(() -> flash("new", tar, Optional.empty(), Optional.of(release)))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("another tree than the release web:2");
    assertSlotIsEmpty("new");
  }

  @Test
  void refusesTheRunningSlotAndNamesTheOthers() throws IOException {
    Path tar = disk.preparedOs("one");
    assertRefused("old", tar, "Slot old is running", "new, small");
  }

  @Test
  void refusesTheDefaultSlotAlsoWhenAnotherOneRuns() throws IOException {
    disk.boots("new", "warmtrial", "01T");
    host = new TestHost().on(disk);
    assertRefused("old", disk.preparedOs("one"), "Slot old is the default");
  }

  @Test
  void refusesTheSlotThatHasItsColdTrialBeforeIt() throws IOException {
    var environment = disk.environment();
    environment.write(
        environment.read().environment().orElseThrow().trial("new", new TransactionId("01T")));
    assertRefused("new", disk.preparedOs("one"), "Slot new has its cold trial before it");
  }

  /** Neither running nor the default, and yet the next one to run. */
  @Test
  void refusesTheSlotThatTheHostIsAboutToJumpInto() throws IOException {
    Path tar = disk.preparedOs("one");
    SlotRecord.Ready record = flash("new", tar);
    new Switch(host, sentence -> {}).to("new", Way.WARM, CommitPolicy.NEXT_NATURAL);
    assertRefused("new", tar, "about to leave the running slot");
    assertThat(host.records().read("new")).isEqualTo(record);
  }

  @Test
  void refusesEverySlotWhileTheHostIsToLeaveTheOneThatRuns() throws Exception {
    Path tar = disk.preparedOs("one");
    flash("new", tar);
    new Switch(host, sentence -> {}).to("new", Way.WARM, CommitPolicy.NEXT_NATURAL);
    disk.boots("new", "warmtrial", status().transaction());
    host = new TestHost().on(disk);
    new Trial(host, sentence -> {})
        .judged(new Reconciliation(host).run(), Optional.of("health:disk"), List.of());
    assertRefused("small", tar, "leave the running slot for slot old");
  }

  @Test
  void refusesASlotThatIsMounted() throws IOException {
    Path tar = disk.preparedOs("one");
    flash("new", tar);
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    try (var mount =
        dev.slipway.linux.Mount.of(
            host.disk().slot("new").device(), elsewhere, "ext4", java.util.Set.of(), "")) {
      assertRefused("new", tar, "Slot new is mounted at " + mount.target());
    }
  }

  private void assertRefused(String slot, Path tar, String... said) {
    assertThatThrownBy(() -> flash(slot, tar))
        .isInstanceOfSatisfying(
            OperatorError.class,
            refusal -> {
              assertThat(refusal.exitCode()).isEqualTo(3);
              assertThat(refusal.getMessage()).contains(said);
            });
    assertThat(host.journal().read().history().unfinishedFlashes()).isEmpty();
  }

  @Test
  void refusesADeviceThatIsMountedUnderAnotherName() throws IOException {
    Path tar = disk.preparedOs("one");
    flash("new", tar);
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    Path otherName = disk.device("slipway-slot-new");
    assertThat(otherName).isNotEqualTo(host.disk().slot("new").device());
    try (var mount =
        dev.slipway.linux.Mount.of(otherName, elsewhere, "ext4", java.util.Set.of(), "")) {
      assertRefused("new", tar, "Slot new is mounted at " + mount.target());
    }
  }

  @Test
  void refusesADeviceThatIsMountedWhereThisProcessCannotSeeIt() throws Exception {
    Path tar = disk.preparedOs("one");
    flash("new", tar);
    Path target = Files.createDirectory(directory.resolve("hidden"));
    Process container =
        new ProcessBuilder(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount \"$0\" \"$1\" && echo mounted && read -r line",
                disk.device("slipway-slot-new").toString(),
                target.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertThat(container.inputReader().readLine()).isEqualTo("mounted");
      assertThat(disk.mounts()).as("not to be seen from here").isEmpty();
      assertRefused("new", tar, "Slot new", "is in use", "another mount namespace");
    } finally {
      container.outputWriter().close();
      container.waitFor();
    }
  }

  @Test
  void leavesTheSlotAsItIsWhenTheImageIsNotPreparedToBoot() throws IOException {
    flash("new", disk.preparedOs("one"));
    assertLeftAsItIs(
        "new", disk.unpreparedOs(), "not prepared to boot", "controller image prepare");
  }

  @Test
  void leavesTheSlotAsItIsWhenTheImageIsCompressedWithBzip2() throws IOException {
    SlotRecord.Ready before = flash("new", disk.preparedOs("one"));
    Path tar = Files.writeString(directory.resolve("os.tar.bz2"), "BZh91AY&SY and so on");
    assertThatThrownBy(() -> flash("new", tar))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("bzip2, which the controller reads and the agent does not; use gzip");
    assertThat(host.records().read("new")).isEqualTo(before);
  }

  @Test
  void leavesTheSlotAsItIsWhenTheImageIsLargerThanTheSlot() throws IOException {
    flash("small", disk.preparedOs("one"));
    assertLeftAsItIs("small", osWith(randomBytes(20 << 20)), "at least", "only 16 MiB");
  }

  @Test
  void leavesTheSlotAsItIsWhenItIsTooSmallForTheFileSystem() throws IOException {
    Path tar = disk.preparedOs("one");
    SlotRecord.Ready before = flash("small", tar);
    assertThatThrownBy(() -> flash("small", tar, Optional.of(FileSystemKind.XFS), Optional.empty()))
        .hasMessageContaining("XFS file system needs 300")
        .hasMessageContaining("--filesystem ext4");
    assertThat(host.records().read("small")).isEqualTo(before);
  }

  @Test
  void refusesAnInitrdInMorePiecesThanGrubIsSureToReadOnXfs() throws IOException {
    disk.preparedOs("pieces");
    Path tree = directory.resolve("tree-pieces");
    assertThat(flash("new", tree, Optional.of(FileSystemKind.XFS), Optional.empty()).fileSystem())
        .isEqualTo("xfs");

    byte[] mostlyZeros = new byte[20 * 131_072];
    for (int i = 0; i < mostlyZeros.length; i += 131_072) {
      mostlyZeros[i] = 1;
    }
    Files.write(tree.resolve("boot/slipway/initrd"), mostlyZeros);
    assertThatThrownBy(() -> flash("new", tree, Optional.of(FileSystemKind.XFS), Optional.empty()))
        .hasMessageContaining("/boot/slipway/initrd lies in")
        .hasMessageContaining("take ext4 for the slot");
    assertThat(flash("new", tree, Optional.of(FileSystemKind.EXT4), Optional.empty()).fileSystem())
        .isEqualTo("ext4");
  }

  @Test
  void countsNoHoles() throws IOException {
    assertThat(flash("small", osWith(new byte[20 << 20])).kernelVersion()).isEqualTo("6.1.0-big");
  }

  private Path osWith(byte[] content) throws IOException {
    disk.preparedOs("big");
    Files.write(directory.resolve("tree-big/usr/big"), content);
    return disk.preparedOs("big");
  }

  private static byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  private void assertLeftAsItIs(String slot, Path tar, String... said) throws IOException {
    SlotRecord before = host.records().read(slot);
    byte[] head = head(slot);
    int events = host.journal().read().entries().size();
    assertRefused(slot, tar, said);
    assertThat(host.records().read(slot)).isEqualTo(before);
    assertThat(head(slot)).isEqualTo(head);
    assertThat(host.journal().read().entries()).hasSize(events);
  }

  private byte[] head(String slot) throws IOException {
    try (var device = Files.newInputStream(disk.device("slipway-slot-" + slot))) {
      return device.readNBytes(1 << 20);
    }
  }

  /** What comes from a controller is read only once. */
  @Test
  void emptiesTheSlotWhenAReleaseIsNotPreparedToBoot() throws IOException {
    flash("new", disk.preparedOs("one"));
    Path unprepared = disk.unpreparedOs();
    ReleaseDescription release =
        new ReleaseDescription(new ReleaseName("web", "2"), Digest.of(new byte[] {1}), "6.1.0-one");
    assertThatThrownBy(() -> flash("new", unprepared, Optional.empty(), Optional.of(release)))
        .hasMessageContaining("not prepared to boot");
    assertSlotIsEmpty("new");
  }

  @Test
  void emptiesTheSlotWhenTheTreeHasNoRoom() throws IOException {
    // It would just fit if the file system needed nothing for itself.
    Path tar = osWith(randomBytes((16 << 20) - (100 << 10)));
    assertThatThrownBy(() -> flash("small", tar)).isInstanceOf(OperatorError.class);
    assertSlotIsEmpty("small");
    assertThat(status().failure().orElseThrow().phase()).isEqualTo(Phase.STAGING);
  }

  /** As when the host joins another controller in the middle of a release of the old one. */
  @Test
  void emptiesTheSlotWhenItsThreadIsInterruptedAndPassesThatOn() throws IOException {
    Path tar = disk.preparedOs("one");
    try (Image image = LocalImages.open("rootfs:" + tar)) {
      Flash flash =
          new Flash(
              host,
              MkfsTools.ofThisSystem(),
              sentence -> {
                if (sentence.startsWith("Writing")) {
                  Thread.currentThread().interrupt();
                }
              });
      assertThatThrownBy(
              () -> flash.write("new", image, Optional.of(FileSystemKind.EXT4), Optional.empty()))
          .isInstanceOf(RuntimeException.class);
    }
    assertThat(Thread.interrupted()).as("the interrupt is passed on").isTrue();
    assertSlotIsEmpty("new");
  }

  @Test
  void refusesAFileThatIsNoImageBeforeAnythingIsWiped() throws IOException {
    SlotRecord.Ready before = flash("new", disk.preparedOs("one"));
    Path junk = Files.write(directory.resolve("junk"), new byte[] {1, 2, 3});
    assertThatThrownBy(() -> flash("new", junk)).isInstanceOf(OperatorError.class);
    assertThat(host.records().read("new")).isEqualTo(before);
  }

  private void assertSlotIsEmpty(String slot) {
    assertThat(host.records().read(slot)).isEqualTo(new SlotRecord.Empty(slot));
    assertThat(Superblock.read(disk.device("slipway-slot-" + slot), 0))
        .as("nothing that GRUB could find")
        .isEmpty();
    assertThat(host.journal().read().history().unfinishedFlashes()).isEmpty();
  }
}
