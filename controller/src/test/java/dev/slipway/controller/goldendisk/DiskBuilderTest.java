package dev.slipway.controller.goldendisk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.boot.GrubScript;
import dev.slipway.controller.goldendisk.DiskInspection.SlotFinding;
import dev.slipway.controller.osimage.CheckChoice;
import dev.slipway.controller.osimage.PreparationOptions;
import dev.slipway.controller.progress.PlainLines;
import dev.slipway.controller.source.Sources;
import dev.slipway.controller.source.registry.DockerRegistry;
import dev.slipway.controller.source.registry.TestImage;
import dev.slipway.disk.PartitionTable;
import dev.slipway.filesystem.FeatureSet;
import dev.slipway.filesystem.FileSystemKind;
import dev.slipway.filesystem.Superblock;
import dev.slipway.linux.Command;
import dev.slipway.linux.OperatorError;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Builds real disks, of small images, with real mounts and loop devices. */
class DiskBuilderTest {
  private static final Path CHECKOUT = Path.of("").toAbsolutePath().getParent();

  @TempDir Path directory;
  private Path output;
  private final StringWriter progress = new StringWriter();

  @BeforeEach
  void nameTheOutput() {
    output = directory.resolve("golden.img");
  }

  @AfterEach
  void nothingIsMountedAttachedOrHalfWritten() throws IOException {
    assertNothingIsLeft();
  }

  @Test
  void aDiskHoldsWhatItsDescriptionSays() throws Exception {
    TinyImage first = TinyImage.in(directory.resolve("first"), 1).with("usr/share/data", 200_000);
    TinyImage second = TinyImage.in(directory.resolve("second"), 2);

    build(
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

    DiskInspection disk = DiskInspection.of(output);
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
    assertThat(progress.toString()).doesNotContain("Warning");
    assertThat(onData(disk, "/slots/slot1.manifest")).contains("usr/share/data");
    assertThat(disk.text()).contains("next firmware boot: slot2 (committed)");
    assertThat(disk.json().objects("slots").get(0).string("state")).isEqualTo("ready");
    aLayerBootsAnotherSlot();
    aSignalLeavesNoLayerBehind();
    assertThat(progress.toString())
        .contains("slot1: read back ...")
        .containsPattern("slot1: unpack rootfs:.*: [0-9.]+ s, 781[.]3 KiB")
        .containsPattern("In all: [0-9.]+ s");
    assertThat(allocated(output)).as("the disk is sparse").isLessThan(200L << 20);
  }

  private void aLayerBootsAnotherSlot() {
    Path layer = directory.resolve("layer.qcow2");
    BootLayer.make(output, "slot1", layer);
    Path flat = directory.resolve("flat.img");
    Command.of("qemu-img", "convert", "-O", "raw", layer.toString(), flat.toString()).run();
    assertThat(DiskInspection.of(flat).nextBoot().slot()).contains("slot1");
    assertThat(DiskInspection.of(flat).environment().whole()).isTrue();
    assertThat(DiskInspection.of(output).nextBoot().slot()).contains("slot2");

    assertThat(
            catchThrowableOfType(OperatorError.class, () -> BootLayer.make(output, "slot3", layer)))
        .hasMessageContaining("'slot3'")
        .hasMessageContaining("empty");
    assertThat(
            catchThrowableOfType(OperatorError.class, () -> BootLayer.make(output, "slot9", layer)))
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
                output.toString())
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

    build(
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
    assertThat(DiskInspection.of(output).slots()).allMatch(SlotFinding::readable);
  }

  private Superblock.Features features(int slot) {
    return DiskInspection.of(output).slots().get(slot).fileSystem().orElseThrow().features();
  }

  @Test
  void aFeatureThatAReaderForbidsIsRefusedBeforeAnythingIsWritten() throws IOException {
    TinyImage image =
        TinyImage.in(directory.resolve("old"), 1).debian("11", "1.46.2-2", "5.10.0-4");

    assertThat(
            refusal(
                """
                slots:
                  - {name: bullseye, image: "%s", size: 64MiB, initrd: keep, agent: false,
                     features: {orphan_file: on}}
                """
                    .formatted(image.reference())))
        .startsWith(directory + "/disk.yml, slot bullseye: ")
        .endsWith(
            "ext4: orphan_file off, because e2fsck 1.46.2 in slot \"bullseye\" refuses it; needs"
                + " 1.47.0.");
    assertThat(progress.toString()).doesNotContain("partition table");
  }

  @Test
  void slotsThatNobodyCanLogInToAreNamed() throws IOException {
    TinyImage closed =
        TinyImage.in(directory.resolve("closed"), 1).withText("etc/shadow", "root:*:1::::::\n");
    TinyImage open =
        TinyImage.in(directory.resolve("open"), 2)
            .withText("etc/shadow", "root:$6$salt$hash:1::::::\n");

    build(
        """
        slots:
          - {name: slot1, image: "%s", size: 64MiB, initrd: keep, agent: false}
          - {name: slot2, image: "%s", size: 64MiB, initrd: keep, agent: false}
        host: {users: [{name: root}]}
        """
            .formatted(closed.reference(), open.reference()));

    assertThat(progress.toString().lines())
        .filteredOn(line -> line.startsWith("Warning"))
        .containsExactly(
            "Warning: nobody can log in to slot1: no user of 'host' in "
                + directory
                + "/disk.yml has an SSH key or a password hash, and no account of the image has.");
  }

  @Test
  void aSlotWithoutASizeHasRoomForItsImageAndMore() throws IOException {
    TinyImage image = TinyImage.in(directory.resolve("image"), 1).with("large", 40 << 20);

    build(
        """
        slots:
          - {name: slot1, image: "%s", initrd: keep, agent: false}
          - {name: slot2, image: "%s", initrd: keep, agent: false, size: 64MiB}
        """
            .formatted(image.reference(), image.reference()));

    SlotFinding slot = DiskInspection.of(output).slots().get(0);
    assertThat(slot.asRecorded()).contains(true);
    // 40 MiB in one file and less than one in the others; a quarter, and 512 MiB.
    assertThat(slot.slot().partition().size()).isBetween(562L << 20, 564L << 20);
    assertThat(allocated(output)).as("the disk is sparse").isLessThan(200L << 20);
  }

  @Test
  void anInitrdInTooManyPiecesForGrubIsRefusedOnXfs() throws IOException {
    TinyImage image = TinyImage.in(directory.resolve("holes"), 1);
    byte[] mostlyZeros = new byte[20 * 131_072];
    for (int i = 0; i < mostlyZeros.length; i += 131_072) {
      mostlyZeros[i] = 1;
    }
    Files.write(directory.resolve("holes/boot/slipway/initrd"), mostlyZeros);
    String slot =
        "slots: [{name: slot1, image: '%s', filesystem: %s, size: 300MiB, initrd: keep, agent:"
            + " false}]\ndata: {size: 64MiB}\n";

    assertThat(refusal(slot.formatted(image.reference(), "xfs")))
        .startsWith("Slot slot1, " + image.reference() + ": /boot/slipway/initrd lies in ")
        .contains("pieces (extents) on xfs", "take ext4 for the slot");
    assertThat(output).doesNotExist();

    build(slot.formatted(image.reference(), "ext4"));
    assertThat(DiskInspection.of(output).slots().get(0).asRecorded()).contains(true);
  }

  @Test
  void aDiskWithAnMsdosTableHoldsTwoSlotsInPrimaryPartitions() throws IOException {
    TinyImage image = TinyImage.in(directory.resolve("image"), 1);
    build(
        """
        table: msdos
        slots:
          - {name: slot1, image: "%1$s", filesystem: xfs, size: 300MiB, initrd: keep, agent: false}
          - {name: slot2, image: "%1$s", filesystem: ext4, size: 64MiB, initrd: keep, agent: false}
        data: {size: 64MiB}
        default: slot2
        """
            .formatted(image.reference()));

    DiskInspection disk = DiskInspection.of(output);
    assertThat(disk.table().table().kind()).isEqualTo(PartitionTable.Kind.MSDOS);
    assertThat(disk.nextBoot().slot()).contains("slot2");
    assertThat(disk.slots()).allMatch(slot -> slot.asRecorded().equals(Optional.of(true)));
    assertThat(onData(disk, "/slots/slot1.manifest")).contains("boot/slipway/initrd");
    assertThat(disk.text()).contains("partition table: msdos\n");
    assertThat(disk.json().writePretty())
        .contains("\"kind\" : \"msdos\"")
        .contains("\"partitionUuid\" : \"" + disk.table().table().diskId() + "-03\"");
    assertThat(Command.of("sfdisk", "--verify", output.toString()).run().out())
        .contains("No errors detected");
  }

  @Test
  void aDiskInQemusFormatIsTheSameDisk() throws IOException {
    TinyImage image = TinyImage.in(directory.resolve("image"), 1);
    output = directory.resolve("golden.qcow2");
    build(oneSlot(image, "64MiB"));

    assertThat(Command.of("qemu-img", "check", output.toString()).run().out())
        .contains("No errors were found");
    Path raw = directory.resolve("golden.img");
    Command.of("qemu-img", "convert", "-O", "raw", output.toString(), raw.toString()).run();
    assertThat(DiskInspection.of(raw).slots().get(0).asRecorded()).contains(true);
    OperatorError refusal =
        catchThrowableOfType(OperatorError.class, () -> DiskInspection.of(output));
    assertThat(refusal).hasMessageContaining("is a qcow2 image").hasMessageContaining("qemu-img");
  }

  @Test
  void whatChangedInASlotAfterwardsIsSeen() throws IOException {
    TinyImage image = TinyImage.in(directory.resolve("first"), 1);
    build(oneSlot(image, "64MiB"));
    long offset = DiskInspection.of(output).slots().get(0).slot().partition().offset();

    Command.of("debugfs", "-w", "-R", "unlink /boot/slipway/initrd", output + "?offset=" + offset)
        .run();

    DiskInspection disk = DiskInspection.of(output);
    assertThat(disk.slots().get(0).asRecorded()).contains(false);
    assertThat(disk.nextBoot().slot()).isEmpty();
  }

  @Test
  void anImageLargerThanItsSlotIsRefusedBeforeAnythingIsWritten() throws IOException {
    TinyImage image = TinyImage.in(directory.resolve("large"), 1).with("large", 17 << 20);

    assertThat(refusal(oneSlot(image, "16MiB")))
        .contains("does not fit slot slot1: its files need 17")
        .contains("the slot has 16 MiB");
    assertThat(progress.toString()).doesNotContain("partition table");
  }

  @Test
  void aSlotThatFillsUpIsNamedWithBothSizes() throws IOException {
    // The files alone would fit; what the file system needs for itself is what is missing.
    TinyImage image = TinyImage.in(directory.resolve("tight"), 1).with("tight", 15 << 20);

    assertThat(refusal(oneSlot(image, "16MiB")))
        .contains("Slot slot1 is full: it has 16 MiB")
        .contains("alone need 15.");
  }

  @Test
  void anImageOfARegistryIsFetchedOnce() throws Exception {
    TinyImage tiny =
        TinyImage.in(directory.resolve("tiny"), 1)
            .with("usr/share/data", 200_000)
            .debian("13", "1.47.2-3", "6.13.0-2");
    TestImage image = new TestImage();
    try (DockerRegistry registry = registryWith(tiny, image)) {
      String reference = "docker://" + registry.host() + "/tiny:1";

      build(oneSlot(reference, "64MiB"));

      SlotFinding slot = DiskInspection.of(output).slots().get(0);
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
  void aSlotThatIsTooSmallForAnImageOfARegistrySaysSoOnceItIsFull() throws Exception {
    TinyImage tiny = TinyImage.in(directory.resolve("tiny"), 1).with("usr/share/data", 20_000_000);
    try (DockerRegistry registry = registryWith(tiny, new TestImage())) {
      String reference = "docker://" + registry.host() + "/tiny:1";
      assertThat(refusal(oneSlot(reference, "16MiB")))
          .contains("Slot slot1 is full: it has 16 MiB")
          .contains("the files of " + reference + " alone need");
    }
  }

  @Test
  void aDiskTooSmallForItsSlotsIsRefusedWithBothNumbers() throws IOException {
    TinyImage image = TinyImage.in(directory.resolve("image"), 1);

    assertThat(refusal("size: 128MiB\n" + oneSlot(image, "512MiB")))
        .contains("128")
        .contains("MiB");
    assertThat(progress.toString()).doesNotContain("partition table");
  }

  @Test
  void aMissingImageIsFoundBeforeAnythingIsWritten() {
    assertThat(refusal("slots: [{name: slot1, size: 64MiB, image: \"rootfs:absent.tar\"}]"))
        .contains("absent.tar");
    assertThat(progress.toString()).doesNotContain("partition table");
  }

  @Test
  void aFailureInOneSlotStopsTheOtherAndKeepsTheOlderDisk() throws IOException {
    TinyImage good = TinyImage.in(directory.resolve("good"), 1).with("large", 40 << 20);
    TinyImage bad = TinyImage.in(directory.resolve("bad"), 2);
    Files.delete(directory.resolve("bad/boot/slipway/initrd"));
    Files.writeString(output, "the older disk");

    assertThat(
            refusal(
                """
                slots:
                  - {name: slot1, image: "%s", size: 128MiB, initrd: keep, agent: false}
                  - {name: slot2, image: "%s", size: 64MiB, initrd: keep, agent: false}
                """
                    .formatted(good.reference(), bad.reference())))
        .startsWith("Slot slot2, " + bad.reference() + ": ")
        .contains("/boot/slipway/initrd");
    assertThat(output).hasContent("the older disk");
  }

  @Test
  void anOutputThatIsNoFileIsRefused() throws IOException {
    TinyImage image = TinyImage.in(directory.resolve("image"), 1);
    Files.createDirectory(output);

    assertThat(refusal(oneSlot(image, "64MiB"))).contains("is not a regular file");
  }

  @Test
  @Timeout(120)
  void aKilledBuildLeavesNothing() throws Exception {
    TinyImage image = TinyImage.in(directory.resolve("image"), 1).with("large", 200 << 20);
    Path scratch = Files.createDirectory(directory.resolve("scratch"));
    Files.writeString(output, "the older disk");
    Set<Path> before = filesHere();
    ProcessBuilder command = command(description(oneSlot(image, "512MiB")));
    command
        .command()
        .addAll(0, List.of(CHECKOUT.resolve("packages/in-own-mounts").toString(), "" + scratch));
    command.command().add(3, "-Djava.io.tmpdir=" + scratch);
    Process build = command.start();
    try (BufferedReader lines = build.errorReader()) {
      awaitUnpacking(lines, new StringBuilder());
      // Else there would be nothing to be left.
      assertThat(backingFiles()).anyMatch(file -> file.contains(directory.toString()));
    } finally {
      build.destroyForcibly();
    }

    assertThat(build.waitFor()).isEqualTo(128 + 9);
    while (backingFiles().stream().anyMatch(file -> file.contains(directory.toString()))) {
      // What the kernel still had to write is written first.
      Thread.sleep(50);
    }
    assertThat(output).hasContent("the older disk");
    assertThat(scratch).isEmptyDirectory();
    before.add(directory.resolve("disk.yml"));
    assertThat(filesHere()).isEqualTo(before);
  }

  private Set<Path> filesHere() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.collect(Collectors.toCollection(TreeSet::new));
    }
  }

  @Test
  @Timeout(120)
  void aSignalUnwindsTheBuild() throws Exception {
    TinyImage image = TinyImage.in(directory.resolve("image"), 1);
    for (int i = 0; i < 20; i++) {
      image.with("large/" + i, 20 << 20);
    }
    Process build = command(description(oneSlot(image, "1GiB"))).start();
    StringBuilder said = new StringBuilder();
    try (BufferedReader lines = build.errorReader()) {
      awaitUnpacking(lines, said);
      build.toHandle().destroy();
      lines.lines().forEach(line -> said.append(line).append('\n'));
    }
    assertThat(build.waitFor(60, TimeUnit.SECONDS)).isTrue();

    assertThat(said).contains("nothing is left behind").doesNotContain("is ready");
    assertThat(build.exitValue()).isEqualTo(128 + 15);
    assertThat(output).doesNotExist();
  }

  @Test
  @Timeout(120)
  void aMachineWithoutTheRulesOfATimeZoneSaysSo() throws Exception {
    TinyImage image = TinyImage.in(directory.resolve("image"), 1);
    Path disk = description(oneSlot(image, "64MiB") + "host: {timezone: Europe/Berlin}\n");
    String hidden = "mount -t tmpfs tmpfs /usr/share/zoneinfo && exec \"$@\"";

    Process build = command(disk, "unshare", "--mount", "sh", "-c", hidden, "sh").start();
    List<String> said = build.errorReader().lines().toList();

    assertThat(build.waitFor()).as("%s", said).isZero();
    assertThat(said)
        .anyMatch(line -> line.startsWith("Warning: this machine has no rules of the time zone"))
        .anyMatch(line -> line.contains("/usr/share/zoneinfo/Europe/Berlin"));
  }

  /** The command, in a process of its own. */
  private ProcessBuilder command(Path disk, String... runner) {
    List<String> command = new ArrayList<>(List.of(runner));
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Dslipway.home=" + CHECKOUT,
            "-Dslipway.bundle=" + CHECKOUT,
            "-cp",
            System.getProperty("java.class.path"),
            "dev.slipway.controller.cli.Main",
            "disk",
            "build",
            disk.toString(),
            "-o",
            output.toString()));
    return new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD);
  }

  private static void awaitUnpacking(BufferedReader lines, StringBuilder said) throws IOException {
    String line = "";
    while (!(line.startsWith("slot1: unpack") && line.endsWith("..."))) {
      line = lines.readLine();
      assertThat(line).as("the build's next line after\n" + said).isNotNull();
      said.append(line).append('\n');
    }
  }

  private static String oneSlot(TinyImage image, String size) {
    return oneSlot(image.reference(), size);
  }

  private static String oneSlot(String image, String size) {
    return """
        slots:
          - {name: slot1, image: "%s", size: %s, initrd: keep, agent: false}
        data: {size: 64MiB}
        """
        .formatted(image, size);
  }

  private Path description(String yaml) throws IOException {
    return Files.writeString(directory.resolve("disk.yml"), yaml);
  }

  private void build(String yaml) throws IOException {
    new DiskBuilder(
            DiskDescription.read(description(yaml)),
            new Sources(directory, Set.of(), line -> {})::open,
            content ->
                new PreparationOptions(
                    content.initrd(),
                    content.kernel(),
                    Set.of(content.fileSystem().token()),
                    Optional.empty(),
                    CHECKOUT.resolve("dracut"),
                    CheckChoice.MEND_ALL),
            new GrubScript(CHECKOUT.resolve("grub-templates/grub.cfg.template")),
            new PrintWriter(progress, true),
            new PlainLines(new PrintWriter(progress, true)),
            Optional.empty())
        .build(output, DiskFormat.byNameOf(output));
  }

  /** A registry that holds a tiny image as {@code tiny:1}. */
  private DockerRegistry registryWith(TinyImage tiny, TestImage image) throws Exception {
    Path tree = Path.of(tiny.reference().substring("rootfs:".length()));
    return DockerRegistry.in(Files.createDirectory(directory.resolve("registry")))
        .with("tiny", "1", image, image.image("amd64", TestImage.tar(tree)));
  }

  private String refusal(String yaml) {
    OperatorError error = catchThrowableOfType(OperatorError.class, () -> build(yaml));
    assertThat(error).as("a refusal").isNotNull();
    return error.getMessage();
  }

  private String onData(DiskInspection disk, String path) {
    long offset = disk.table().table().named("slipway-data").orElseThrow().offset();
    return Command.of("debugfs", "-R", "cat " + path, output + "?offset=" + offset).run().out();
  }

  private static long allocated(Path file) {
    return Long.parseLong(Command.of("stat", "-c", "%b", file.toString()).run().out().strip())
        * 512;
  }

  private void assertNothingIsLeft() throws IOException {
    // A mount keeps its loop device, and that its file, so this covers both.
    assertThat(backingFiles()).noneMatch(file -> file.contains(directory.toString()));
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).noneMatch(file -> file.toString().matches(".*\\.(partial|converted)"));
    }
  }

  private static List<String> backingFiles() throws IOException {
    try (Stream<Path> devices = Files.list(Path.of("/sys/block"))) {
      return devices
          .map(device -> device.resolve("loop/backing_file"))
          .filter(Files::exists)
          .map(
              file -> {
                try {
                  return Files.readString(file);
                } catch (IOException e) {
                  return "";
                }
              })
          .toList();
    }
  }
}
