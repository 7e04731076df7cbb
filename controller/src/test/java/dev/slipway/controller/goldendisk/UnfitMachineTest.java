package dev.slipway.controller.goldendisk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.slipway.linux.Command;
import dev.slipway.linux.LoopDevice;
import dev.slipway.tree.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a build says on a machine that cannot build a disk, and that it leaves nothing there. */
@Timeout(120)
class UnfitMachineTest {
  private static final String NOBODY =
      "setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=+dac_read_search"
          + " --ambient-caps=+dac_read_search ";

  @TempDir private Path directory;
  private OtherMachine there;
  private TinyImage image;

  /**
   * A machine.
   *
   * @param lacks what is wrong with it
   * @param made how a shell makes it so; OUT is where the disk shall go, ASIDE an empty directory
   * @param runner what the build is run by
   * @param file the disk's name
   * @param sentence what the operator is told
   */
  private record Machine(String lacks, String made, String runner, String file, String sentence) {
    @Override
    public String toString() {
      return lacks;
    }
  }

  static Stream<Machine> machines() {
    return Stream.of(
        machine(
            "an output that can be written",
            "mount -t tmpfs -o ro tmpfs $OUT",
            "OUT/golden.img cannot be written: its directory is on a read-only file system or"
                + " belongs to somebody else. Name a file in another directory."),
        machine(
            "loop devices",
            "mount -t tmpfs tmpfs $ASIDE && cp -a /dev/null /dev/zero /dev/random /dev/urandom"
                + " $ASIDE && mount --bind $ASIDE /dev",
            "There is no /dev/loop-control, so no loop devices can be made: load the kernel module"
                + " loop, or start the container with --privileged."),
        new Machine(
            "the right to build",
            ":",
            NOBODY,
            "golden.img",
            "Building a disk needs root, for loop devices and mounts: run it with sudo."),
        machine(
            "room for the image",
            "mount -t tmpfs -o size=1m tmpfs $OUT",
            "OUT has 1 MiB free, but the disk's files need 40.6 MiB. Make room, or name an output"
                + " on another file system."),
        machine(
            "room for more than the image",
            "mount -t tmpfs -o size=42m tmpfs $OUT",
            "The file system of OUT is full. The disk needs at least 40.6 MiB there, and at most "),
        new Machine(
            "room to convert the disk",
            "mount -t tmpfs -o size=84m tmpfs $OUT",
            "",
            "golden.qcow2",
            "The file system of OUT is full. The disk needs at least 81.2 MiB there, and at most "),
        machine(
            "mkfs", without("/usr/sbin", "mkfs.ext4"), missing("/usr/sbin/mkfs.ext4", "e2fsprogs")),
        machine(
            "GRUB's tools",
            without("/usr/bin", "grub-fstest"),
            missing("grub-fstest", "grub-common")),
        new Machine(
            "what converts the disk",
            without("/usr/bin", "qemu-img"),
            "",
            "golden.qcow2",
            missing("qemu-img", "qemu-utils")),
        machine(
            "a GRUB that reads a kernel as it is",
            grub("echo other bytes"),
            unreadable("/boot/slipway/vmlinuz")),
        machine("a GRUB that finds a kernel", grub("exit 0"), unreadable("/boot/slipway/vmlinuz")),
        machine(
            "a GRUB that reads an initrd to its end",
            grub(
                "case $3 in *vmlinuz) exec $ASIDE/real \"$@\";; esac\n$ASIDE/real \"$@\" | head -c 9999"),
            unreadable("/boot/slipway/initrd")));
  }

  /** Another program in the place of what reads with GRUB's drivers, which is put aside. */
  private static String grub(String script) {
    return "cp /usr/bin/grub-fstest $ASIDE/real && printf '#!/bin/sh\n%s\n' >$ASIDE/stub && chmod +x $ASIDE/stub && mount --bind $ASIDE/stub /usr/bin/grub-fstest"
        .formatted(script);
  }

  private static String missing(String program, String debianPackage) {
    return "Building this disk takes programs that this machine does not have on its PATH: %s;"
            .formatted(program)
        + " install them (on Debian: apt-get install %s).".formatted(debianPackage);
  }

  private static String unreadable(String file) {
    return "GRUB's ext4 driver does not read "
        + file
        + " of slot slot1 as it was written, so the slot would not boot. Try the other file system"
        + " for it, and please report this.";
  }

  private static Machine machine(String lacks, String made, String sentence) {
    return new Machine(lacks, made, "", "golden.img", sentence);
  }

  /** The same programs in the directory but one. */
  private static String without(String programs, String one) {
    return "mkdir $ASIDE/all $ASIDE/few && mount --bind %1$s $ASIDE/all && ln -s $ASIDE/all/* $ASIDE/few && rm $ASIDE/few/%2$s && mount --bind $ASIDE/few %1$s"
        .formatted(programs, one);
  }

  @BeforeEach
  void anImageOfFortyMebibytes() throws IOException {
    there = new OtherMachine(directory);
    image = TinyImage.in(directory.resolve("image"), 1).with("large", 40 << 20);
  }

  @ParameterizedTest
  @MethodSource("machines")
  void isToldWhatItLacksAndIsLeftAsItWas(Machine machine) throws Exception {
    OtherMachine.Ended build = there.build(machine.made(), machine.runner(), image, machine.file());

    assertThat(build.said().lines().filter(line -> line.startsWith("controller: ")))
        .singleElement()
        .asString()
        .contains(machine.sentence().replace("OUT", there.output().toString()));
    assertThat(build.exit()).as(build.said()).isEqualTo(1);
    assertThat(build.left()).as("files and mounts that are left").isEmpty();
    assertThat(Command.of("losetup", "--list", "--noheadings", "-O", "BACK-FILE").run().out())
        .as("loop devices")
        .doesNotContain(directory.toString());
  }

  static Stream<Arguments> programs() {
    String made = "agent: false";
    String kept = "initrd: keep, agent: false";
    return Stream.of(
        arguments("/usr/bin", "grub-fstest", "grub-common", kept),
        arguments("/usr/bin", "mcopy", "mtools", kept),
        arguments("/usr/sbin", "mkfs.xfs", "xfsprogs", kept + ", filesystem: xfs"),
        arguments("/usr/bin", "setpriv", "util-linux", made));
  }

  @ParameterizedTest
  @MethodSource("programs")
  void lacksAProgramBeforeARealDiskIsErased(
      String place, String program, String debianPackage, String slot) throws Exception {
    Path file = directory.resolve("disk");
    Files.writeString(file, "somebody's data");
    try (RandomAccessFile longer = new RandomAccessFile(file.toFile(), "rw")) {
      longer.setLength(600 << 20);
    }
    Path description =
        new TestBuild(directory)
            .description(
                "slots: [{name: slot1, image: '%s', size: 400MiB, %s}]\ndata: {size: 32MiB}\n"
                    .formatted(image.reference(), slot));
    Digest before = digest(file);

    try (LoopDevice device = LoopDevice.attach(file, 0, Files.size(file))) {
      OtherMachine.Ended flash = there.flash(without(place, program), description, device, file);

      assertThat(flash.said())
          .containsPattern("(?m)^controller: .*[ /]" + program + "; install them")
          .endsWith("(on Debian: apt-get install " + debianPackage + ").\n")
          .doesNotContain("partition table ...");
      assertThat(flash.exit()).isEqualTo(1);
      assertThat(flash.left()).isEmpty();
    }
    assertThat(digest(file)).isEqualTo(before);
  }

  @Test
  void lacksNothingThatThisDiskDoesNotTake() throws Exception {
    OtherMachine.Ended build =
        there.build(
            without("/usr/sbin", "mkfs.xfs") + " && " + hidden("qemu-img"),
            "",
            image,
            "golden.img");

    assertThat(build.exit()).as(build.said()).isZero();
  }

  /** Something in its place that is no program. */
  private static String hidden(String program) {
    return "mount --bind /dev/null /usr/bin/" + program;
  }

  private static Digest digest(Path file) throws IOException {
    try (InputStream content = Files.newInputStream(file)) {
      return Digest.of(content);
    }
  }
}
