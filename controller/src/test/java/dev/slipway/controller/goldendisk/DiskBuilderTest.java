package dev.slipway.controller.goldendisk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.controller.goldendisk.DiskInspection.SlotFinding;
import dev.slipway.controller.source.registry.DockerRegistry;
import dev.slipway.controller.source.registry.TestImage;
import dev.slipway.disk.Partition;
import dev.slipway.disk.PartitionTable;
import dev.slipway.filesystem.FeatureSet;
import dev.slipway.filesystem.FileSystemKind;
import dev.slipway.filesystem.Superblock;
import dev.slipway.linux.Command;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Builds real disks, of small images, with real mounts and loop devices. */
class DiskBuilderTest {
  @RegisterExtension final BuildSite site = new BuildSite();
  private final Path directory = site.directory();
  private final TestBuild builds = site.builds();

  @Test
  void aDiskHoldsWhatItsDescriptionSays() throws Exception {
    TinyImage first = TinyImage.in(directory.resolve("first"), 1).with("usr/share/data", 200_000);
    TinyImage second = TinyImage.in(directory.resolve("second"), 2);

    builds.build(
        """
        console: ttyS0,115200
        slots:
          - {name: slot1, image: "%s", filesystem: ext4, size: 64MiB, initrd: keep, agent: false}
          - {name: slot2, image: "%s", filesystem: xfs, size: 300MiB, initrd: keep, agent: false}
          - {name: slot3, size: 64MiB}
        data: {size: 64MiB}
        default: slot2
        host:
          hostname: web1
          users:
            - {name: root, password-hash: "$6$salt$%s"}
          timezone: Europe/Berlin
          network:
            - {mac: 52:54:00:12:34:56, address: 192.0.2.10/24}
        kernel-arguments: net.ifnames=0
        """
            .formatted(first.reference(), second.reference(), "x".repeat(86)));

    DiskInspection disk = DiskInspection.of(builds.output());
    assertThat(disk.table().whole()).isTrue();
    assertThat(disk.environment().whole()).isTrue();
    assertThat(disk.nextBoot().slot()).contains("slot2");
    assertThat(disk.slots())
        .extracting(slot -> slot.slot().name())
        .containsExactly("slot1", "slot2", "slot3");
    SlotFinding xfs = disk.slots().get(1);
    assertThat(xfs.ready().orElseThrow().kernelVersion()).isEqualTo(TinyImage.KERNEL_VERSION);
    assertThat(xfs.ready().orElseThrow().reference()).isEqualTo(second.reference());
    assertThat(xfs.fileSystem().orElseThrow().uuid().toString())
        .isEqualTo(xfs.ready().orElseThrow().fileSystemUuid());
    assertThat(disk.slots().get(0).asRecorded()).contains(true);
    assertThat(xfs.asRecorded()).contains(true);
    SlotFinding empty = disk.slots().get(2);
    assertThat(empty.record().orElseThrow().state()).isEqualTo("empty");
    assertThat(empty.readable()).isFalse();
    assertThat(onData(disk, "/host/hostname")).isEqualTo("web1\n");
    assertThat(onData(disk, "/host/users/root")).startsWith("password_hash=$6$salt$");
    assertThat(onData(disk, "/host/timezone")).isEqualTo("Europe/Berlin\n");
    assertThat(onData(disk, "/host/network/card1"))
        .isEqualTo("mac=52:54:00:12:34:56\naddress=192.0.2.10/24\n");
    assertThat(builds.said()).doesNotContain("Warning");
    assertThat(onData(disk, "/slots/slot1.manifest")).contains("usr/share/data");
    assertThat(disk.text()).contains("next firmware boot: slot2 (committed)");
    assertThat(disk.json().objects("slots").get(0).string("state")).isEqualTo("ready");
    aLayerBootsAnotherSlot();
    aSignalLeavesNoLayerBehind();
    assertThat(builds.said())
        .contains("slot1: read back ...")
        .containsPattern("slot1: unpack rootfs:.*: [0-9.]+ s, 781[.]3 KiB")
        .containsPattern("In all: [0-9.]+ s");
    assertThat(allocated(builds.output())).as("the disk is sparse").isLessThan(200L << 20);
  }

  private void aLayerBootsAnotherSlot() {
    Path layer = directory.resolve("layer.qcow2");
    BootLayer.make(builds.output(), "slot1", layer);
    Path flat = directory.resolve("flat.img");
    Command.of("qemu-img", "convert", "-O", "raw", layer.toString(), flat.toString()).run();
    assertThat(DiskInspection.of(flat).nextBoot().slot()).contains("slot1");
    assertThat(DiskInspection.of(flat).environment().whole()).isTrue();
    assertThat(DiskInspection.of(builds.output()).nextBoot().slot()).contains("slot2");

    assertThat(
            catchThrowableOfType(
                OperatorError.class, () -> BootLayer.make(builds.output(), "slot3", layer)))
        .hasMessageContaining("'slot3'")
        .hasMessageContaining("empty");
    assertThat(
            catchThrowableOfType(
                OperatorError.class, () -> BootLayer.make(builds.output(), "slot9", layer)))
        .hasMessageContaining("slot1, slot2, slot3");
  }

  private void aSignalLeavesNoLayerBehind() throws Exception {
    Path temporary = Files.createDirectory(directory.resolve("temporary"));
    Process boot =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                "dev.slipway.controller.cli.Main",
                "disk",
                "boot",
                "--memory=256",
                "--slot=slot1",
                builds.output().toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectErrorStream(true)
            .start();
    try {
      assertThat(runsQemu(boot)).isTrue();
      assertThat(temporary).isDirectoryContaining("glob:**/slipway-boot*");
    } finally {
      boot.destroy();
    }
    assertThat(boot.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(temporary).isDirectoryNotContaining("glob:**/slipway-boot*");
  }

  private static boolean runsQemu(Process boot) throws InterruptedException {
    while (boot.isAlive()) {
      boolean runs =
          boot.descendants()
              .anyMatch(child -> child.info().command().orElse("").contains("qemu-system"));
      if (runs) {
        return true;
      }
      Thread.sleep(50);
    }
    return false;
  }

  @Test
  void eachSlotsFileSystemHasWhatAllItsReadersKnow() throws IOException {
    TinyImage known =
        TinyImage.in(directory.resolve("known"), 1).debian("12", "1.47.0-2", "6.1.0-1");
    TinyImage unknown = TinyImage.in(directory.resolve("unknown"), 2);

    builds.build(
        """
        slots:
          - {name: slot1, image: "%s", filesystem: xfs, size: 300MiB, initrd: keep, agent: false}
          - {name: slot2, image: "%s", filesystem: ext4, size: 64MiB, initrd: keep, agent: false}
          - {name: slot3, image: "%s", filesystem: ext4, size: 64MiB, initrd: keep, agent: false}
          - {name: slot4, image: "%s", filesystem: xfs, size: 300MiB, initrd: keep, agent: false,
             features: {rmapbt: on, bigtime: off}}
        data: {size: 64MiB}
        """
            .formatted(
                known.reference(), known.reference(), unknown.reference(), known.reference()));

    // GRUB and kernel of the machine that runs this test know all of these.
    assertThat(features(0))
        .isEqualTo(
            new FeatureSet(
                    FileSystemKind.XFS,
                    Set.of("finobt", "reflink", "inobtcount", "sparse", "bigtime"))
                .superblock());
    assertThat(features(1))
        .isEqualTo(
            new FeatureSet(
                    FileSystemKind.EXT4,
                    Set.of("64bit", "metadata_csum", "metadata_csum_seed", "orphan_file"))
                .superblock());
    assertThat(features(2))
        .as("e2fsck is not known there, so an old one is expected")
        .isEqualTo(
            new FeatureSet(
                    FileSystemKind.EXT4, Set.of("64bit", "metadata_csum", "metadata_csum_seed"))
                .superblock());
    assertThat(features(3))
        .isEqualTo(
            new FeatureSet(
                    FileSystemKind.XFS,
                    Set.of("finobt", "reflink", "inobtcount", "sparse", "rmapbt"))
                .superblock());
    assertThat(DiskInspection.of(builds.output()).slots()).allMatch(SlotFinding::readable);
  }

  private Superblock.Features features(int slot) {
    return DiskInspection.of(builds.output())
        .slots()
        .get(slot)
        .fileSystem()
        .orElseThrow()
        .features();
  }

  @Test
  void slotsThatNobodyCanLogInToAreNamed() throws IOException {
    TinyImage closed =
        TinyImage.in(directory.resolve("closed"), 1).withText("etc/shadow", "root:*:1::::::\n");
    TinyImage open =
        TinyImage.in(directory.resolve("open"), 2)
            .withText("etc/shadow", "root:$6$salt$hash:1::::::\n");

    builds.build(
        """
        slots:
          - {name: slot1, image: "%s", size: 64MiB, initrd: keep, agent: false}
          - {name: slot2, image: "%s", size: 64MiB, initrd: keep, agent: false}
        host: {users: [{name: root}]}
        """
            .formatted(closed.reference(), open.reference()));

    assertThat(builds.said().lines())
        .filteredOn(line -> line.startsWith("Warning"))
        .containsExactly(
            "Warning: nobody can log in to slot1: no user of 'host' in "
                + directory
                + "/disk.yml has an SSH key or a password hash, and no account of the image has.");
  }

  @Test
  void slotsWithoutAServerForTheKeysOfTheirUsersAreNamedWithWhatToInstall() throws IOException {
    TinyImage keysAlone =
        TinyImage.in(directory.resolve("keys"), 1)
            .withText("etc/os-release", "ID=debian\n")
            .withText("etc/passwd", "root:x:0:0::/root:/bin/sh\n")
            .withText("root/.ssh/authorized_keys", "ssh-ed25519 AAAA me\n");
    TinyImage withServer =
        TinyImage.in(directory.resolve("server"), 2).withText("usr/sbin/sshd", "");

    builds.build(
        """
        slots:
          - {name: slot1, image: "%s", size: 64MiB, initrd: keep, agent: false}
          - {name: slot2, image: "%s", size: 64MiB, initrd: keep, agent: false}
        host: {users: [{name: root, ssh-keys: [%s]}]}
        """
            .formatted(keysAlone.reference(), withServer.reference(), TestBuild.SSH_KEY));

    assertThat(builds.said().lines())
        .filteredOn(line -> line.startsWith("Warning"))
        .containsExactly(
            "Warning: nobody can log in to slot1: users of 'host' in "
                + directory
                + "/disk.yml have SSH keys and no password hash, and the image has no SSH server."
                + " Install openssh-server in the image (apt-get install openssh-server).");
  }

  @Test
  void whatIsWorthKnowingOfASlotIsSaidWithItsName() throws IOException {
    TinyImage image =
        TinyImage.in(directory.resolve("image"), 1)
            .withText("etc/os-release", "ID=debian\n")
            .withText("usr/lib/systemd/system/basic.target", "[Unit]\n")
            .withText("usr/lib/systemd/system/multi-user.target", "[Unit]\n")
            .withText("usr/lib/systemd/system/systemd-remount-fs.service", "[Unit]\n")
            .withText("usr/lib/systemd/systemd-udevd", "");

    builds.build(
        """
        slots:
          - {name: web, image: "%s", size: 64MiB, initrd: keep, agent: false,
             check: {fsck: off}}
        host: {users: [{name: root, password-hash: "$6$salt$%s"}]}
        """
            .formatted(image.reference(), "x".repeat(86)));

    long changes = inSlot("web", "/usr/lib/slipway/changes").lines().skip(1).count();
    assertThat(builds.said().lines().dropWhile(line -> !line.startsWith("In all: ")).skip(1))
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .startsWith("Note on web (dbus): The image has systemd but no D-Bus,")
                    .endsWith("(apt-get install dbus)."),
            line ->
                assertThat(line)
                    .startsWith("Note on web (network): Nothing in the image configures"),
            line ->
                assertThat(line)
                    .isEqualTo("web: " + changes + " changes (in /usr/lib/slipway/changes)."),
            line -> assertThat(line).startsWith(builds.output() + " is ready"));
  }

  @Test
  void aSlotWithoutASizeHasRoomForItsImageAndMore() throws IOException {
    TinyImage image = TinyImage.in(directory.resolve("image"), 1).with("large", 40 << 20);

    builds.build(
        """
        slots:
          - {name: slot1, image: "%s", initrd: keep, agent: false}
          - {name: slot2, image: "%s", initrd: keep, agent: false, size: 64MiB}
        """
            .formatted(image.reference(), image.reference()));

    SlotFinding slot = DiskInspection.of(builds.output()).slots().get(0);
    assertThat(slot.asRecorded()).contains(true);
    // 40 MiB in one file and less than one in the others; a quarter, and 512 MiB.
    assertThat(slot.slot().partition().size()).isBetween(562L << 20, 564L << 20);
    assertThat(allocated(builds.output())).as("the disk is sparse").isLessThan(200L << 20);
  }

  @Test
  void aDiskWithAnMsdosTableHoldsTwoSlotsInPrimaryPartitions() throws IOException {
    TinyImage image = TinyImage.in(directory.resolve("image"), 1);
    builds.build(
        """
        table: msdos
        slots:
          - {name: slot1, image: "%1$s", filesystem: xfs, size: 300MiB, initrd: keep, agent: false}
          - {name: slot2, image: "%1$s", filesystem: ext4, size: 64MiB, initrd: keep, agent: false}
        data: {size: 64MiB}
        default: slot2
        """
            .formatted(image.reference()));

    DiskInspection disk = DiskInspection.of(builds.output());
    assertThat(disk.table().table().kind()).isEqualTo(PartitionTable.Kind.MSDOS);
    assertThat(disk.nextBoot().slot()).contains("slot2");
    assertThat(disk.slots()).allMatch(slot -> slot.asRecorded().equals(Optional.of(true)));
    assertThat(onData(disk, "/slots/slot1.manifest")).contains("boot/slipway/initrd");
    assertThat(disk.text()).contains("partition table: msdos\n");
    assertThat(disk.json().writePretty())
        .contains("\"kind\" : \"msdos\"")
        .contains("\"partitionUuid\" : \"" + disk.table().table().diskId() + "-03\"");
    assertThat(Command.of("sfdisk", "--verify", builds.output().toString()).run().out())
        .contains("No errors detected");
  }

  @Test
  void aDiskWithoutADataPartitionHoldsItsSlotsOnly() throws IOException {
    TinyImage image = TinyImage.in(directory.resolve("image"), 1);
    builds.build(
        """
        data: off
        slots:
          - {name: slot1, image: "%s", size: 64MiB, initrd: keep}
        """
            .formatted(image.reference()));

    DiskInspection disk = DiskInspection.of(builds.output());
    assertThat(disk.table().table().partitions())
        .extracting(Partition::name)
        .containsExactly("slipway-bios", "slipway-esp", "slipway-slot-slot1");
    assertThat(disk.nextBoot().slot()).contains("slot1");
    assertThat(disk.slots().get(0).readable()).isTrue();
    assertThat(disk.text())
        .contains("data partition: none, and so no records of the slots\n")
        .contains("GRUB         reads a kernel and an initrd\n");
  }

  @Test
  void aDiskInQemusFormatIsTheSameDisk() throws IOException {
    TinyImage image = TinyImage.in(directory.resolve("image"), 1);
    builds.to("golden.qcow2");
    builds.build(TestBuild.oneSlot(image, "64MiB"));

    assertThat(Command.of("qemu-img", "check", builds.output().toString()).run().out())
        .contains("No errors were found");
    Path raw = directory.resolve("golden.img");
    Command.of("qemu-img", "convert", "-O", "raw", builds.output().toString(), raw.toString())
        .run();
    assertThat(DiskInspection.of(raw).slots().get(0).asRecorded()).contains(true);
    assertThat(DiskInspection.of(builds.output()).json().with("disk", "").writePretty())
        .isEqualTo(DiskInspection.of(raw).json().with("disk", "").writePretty());
    assertThat(DiskInspection.of(builds.output()).text())
        .startsWith(builds.output() + ": a Slipway disk");
  }

  @Test
  void aSlotOfADiskInQemusFormatCanBeChosenToBoot() throws IOException {
    TinyImage image = TinyImage.in(directory.resolve("image"), 1);
    builds.to("golden.qcow2");
    builds.build(
        """
        slots:
          - {name: slot1, image: "%1$s", size: 64MiB, initrd: keep, agent: false}
          - {name: slot2, image: "%1$s", size: 64MiB, initrd: keep, agent: false}
        """
            .formatted(image.reference()));
    Path layer = directory.resolve("layer.qcow2");

    BootLayer.make(builds.output(), "slot2", layer);

    Path flat = directory.resolve("flat.img");
    Command.of("qemu-img", "convert", "-O", "raw", layer.toString(), flat.toString()).run();
    assertThat(DiskInspection.of(flat).nextBoot().slot()).contains("slot2");
    assertThat(catchThrowableOfType(OperatorError.class, () -> DiskInspection.of(layer)))
        .as("an image may name any file of this machine as what lies below it")
        .hasMessageContaining("The qcow2 image " + layer + " is only a layer");
    assertThat(DiskInspection.of(builds.output()).nextBoot().slot()).contains("slot1");
  }

  @Test
  void anImageInQemusFormatThatIsDamagedIsNamed() throws IOException {
    Path damaged = directory.resolve("damaged.qcow2");
    Files.writeString(damaged, "QFI\u00fb and no more", StandardCharsets.ISO_8859_1);

    OperatorError refusal =
        catchThrowableOfType(OperatorError.class, () -> DiskInspection.of(damaged));

    assertThat(refusal).hasMessageStartingWith("The qcow2 image " + damaged + " cannot be read");
    try (DirectoryStream<Path> left =
        Files.newDirectoryStream(Path.of("/var/tmp"), "slipway-raw-*")) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void whatChangedInASlotAfterwardsIsSeen() throws IOException {
    TinyImage image = TinyImage.in(directory.resolve("first"), 1);
    builds.build(TestBuild.oneSlot(image, "64MiB"));
    long offset = DiskInspection.of(builds.output()).slots().get(0).slot().partition().offset();

    Command.of(
            "debugfs",
            "-w",
            "-R",
            "unlink /boot/slipway/initrd",
            builds.output() + "?offset=" + offset)
        .run();

    DiskInspection disk = DiskInspection.of(builds.output());
    assertThat(disk.slots().get(0).asRecorded()).contains(false);
    assertThat(disk.nextBoot().slot()).isEmpty();
  }

  @Test
  void anImageOfARegistryIsFetchedOnce() throws Exception {
    TinyImage tiny =
        TinyImage.in(directory.resolve("tiny"), 1)
            .with("usr/share/data", 200_000)
            .debian("13", "1.47.2-3", "6.13.0-2");
    TestImage image = new TestImage();
    try (DockerRegistry registry = builds.registryWith(tiny, image)) {
      String reference = "docker://" + registry.host() + "/tiny:1";

      builds.build(TestBuild.oneSlot(reference, "64MiB"));

      SlotFinding slot = DiskInspection.of(builds.output()).slots().get(0);
      assertThat(slot.ready().orElseThrow().reference()).isEqualTo(reference);
      assertThat(slot.asRecorded()).contains(true);
      assertThat(registry.log().lines())
          .filteredOn(line -> line.contains("\"GET /v2/tiny/blobs/" + image.largestBlob()))
          .hasSize(1);
      assertThat(features(0))
          .as("not read beforehand, so Linux 4.18 and e2fsck 1.45 are expected in it")
          .isEqualTo(
              new FeatureSet(
                      FileSystemKind.EXT4, Set.of("64bit", "metadata_csum", "metadata_csum_seed"))
                  .superblock());
    }
  }

  @Test
  void anImageOfARegistryIsMeasuredForASlotOfSizeAuto() throws Exception {
    TinyImage tiny = TinyImage.in(directory.resolve("tiny"), 1).with("usr/share/data", 200_000);
    TestImage image = new TestImage();
    try (DockerRegistry registry = builds.registryWith(tiny, image)) {
      builds.build(
          """
          slots:
            - {name: slot1, image: "docker://%s/tiny:1", initrd: keep, agent: false}
          """
              .formatted(registry.host()));

      SlotFinding slot = DiskInspection.of(builds.output()).slots().get(0);
      assertThat(slot.asRecorded()).contains(true);
      assertThat(slot.slot().partition().size()).isBetween(512L << 20, 520L << 20);
      assertThat(registry.log().lines())
          .filteredOn(line -> line.contains("\"GET /v2/tiny/blobs/" + image.largestBlob()))
          .hasSize(2);
    }
  }

  private String inSlot(String slot, String path) {
    long offset =
        PartitionTable.read(builds.output()).named("slipway-slot-" + slot).orElseThrow().offset();
    return Command.of("debugfs", "-R", "cat " + path, builds.output() + "?offset=" + offset)
        .run()
        .out();
  }

  private String onData(DiskInspection disk, String path) {
    long offset = disk.table().table().named("slipway-data").orElseThrow().offset();
    return Command.of("debugfs", "-R", "cat " + path, builds.output() + "?offset=" + offset)
        .run()
        .out();
  }

  private static long allocated(Path file) {
    return Long.parseLong(Command.of("stat", "-c", "%b", file.toString()).run().out().strip())
        * 512;
  }
}
