package dev.slipway.controller.goldendisk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.controller.source.engine.PrivateEngine;
import dev.slipway.linux.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A disk is built where there is no more than what a build needs. */
@Timeout(120)
class BareMachineTest {
  /** Of others who build disks; what they do is the build's own work here. */
  private static final String NEVER_CALLED =
      "grub-install grub-mkconfig grub-probe kpartx partx dmsetup udevadm";

  /** Nodes of loop devices are not among them: in a container nobody makes those. */
  private static final String NODES = "null zero full random urandom tty loop-control";

  /**
   * What {@code --privileged} means, but for one power that builds do not use and that a machine
   * for tests may lack itself, and but for the nodes of all of the machine's devices.
   */
  private static final List<String> PRIVILEGED =
      List.of(
          "--cap-add=ALL",
          "--cap-drop=SYS_RESOURCE",
          "--security-opt=seccomp=unconfined",
          "--security-opt=apparmor=unconfined",
          "--security-opt=systempaths=unconfined",
          "--device-cgroup-rule=a *:* rwm",
          "--device=/dev/loop-control");

  @TempDir private Path directory;
  private TinyImage image;

  @BeforeEach
  void anImage() throws IOException {
    image = TinyImage.in(directory.resolve("image"), 1).with("usr/share/data", 3_000_000);
  }

  @Test
  void partitionNodesUdevDeviceMapperAndGrubsInstallerAreNotNeeded() throws Exception {
    OtherMachine there = new OtherMachine(directory);
    String bare =
        """
        mkdir $ASIDE/dev $ASIDE/programs
        for node in %s; do
          cp -a /dev/$node $ASIDE/dev/ || exit 99
        done
        for program in %s; do
          printf '#!/bin/sh\\necho "$0 $*" >> %s\\nexit 97\\n' > $ASIDE/programs/$program
          chmod 755 $ASIDE/programs/$program
          real=$(command -v $program) || continue
          mount --bind $ASIDE/programs/$program $real || exit 99
        done
        export PATH=$ASIDE/programs:$PATH
        udevadm settle
        rm %s || exit 99
        mkdir -p /run/udev
        mount -t tmpfs tmpfs /run/udev &&
        mount -t tmpfs tmpfs /dev &&
        cp -a $ASIDE/dev/. /dev/
        """
            .formatted(NODES, NEVER_CALLED, called(), called())
            .strip();

    OtherMachine.Ended build = there.build(bare, "", image, "golden.img");

    assertThat(build.exit()).as(build.said()).isZero();
    assertThat(build.left()).containsExactly(there.output().resolve("golden.img").toString());
    assertThat(called()).doesNotExist();
    assertBuilt(there.output().resolve("golden.img"));
  }

  private Path called() {
    return directory.resolve("called");
  }

  @Test
  void aPrivilegedContainerIsEnough() throws Exception {
    Path engineDirectory = Files.createDirectory(directory.resolve("engine"));
    Path work = Files.createDirectory(directory.resolve("work"));
    Path disk = new TestBuild(directory).description(TestBuild.oneSlot(image, "128MiB"));
    List<String> words =
        new ArrayList<>(List.of("run", "--rm", "--network=none", "--env=PATH=/usr/sbin:/usr/bin"));
    words.addAll(PRIVILEGED);
    for (Path place : programsOfThisMachine()) {
      words.add("--volume=" + place + ":" + place + ":ro");
    }
    words.add("--volume=" + directory + ":" + directory);
    words.add("machine");
    words.addAll(BuildCommand.words(disk, work.resolve("golden.img"), "-Djava.io.tmpdir=" + work));

    try (PrivateEngine engine = new PrivateEngine(engineDirectory)) {
      importRootWithoutPrograms(engine);
      Command.Result ended = engine.docker(words.toArray(String[]::new)).runUnchecked();

      assertThat(ended.exit()).as(ended.out() + ended.err()).isZero();
    }
    try (Stream<Path> left = Files.list(work)) {
      assertThat(left).containsExactly(work.resolve("golden.img"));
    }
    assertBuilt(work.resolve("golden.img"));
  }

  /** Its programs, Java, and all that may be on the class path. */
  private static Set<Path> programsOfThisMachine() throws IOException {
    Set<Path> places = new TreeSet<>(Set.of(TestBuild.CHECKOUT));
    Set<String> itsOwn = Set.of("dev", "proc", "sys", "run", "tmp");
    try (Stream<Path> top = Files.list(Path.of("/"))) {
      top.filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
          .filter(path -> !itsOwn.contains(path.getFileName().toString()))
          .forEach(places::add);
    }
    return places;
  }

  private void importRootWithoutPrograms(PrivateEngine engine) throws IOException {
    Path root = Files.createDirectories(directory.resolve("container/tmp")).getParent();
    try (Stream<Path> top = Files.list(Path.of("/"))) {
      for (Path link : top.filter(Files::isSymbolicLink).toList()) {
        Files.createSymbolicLink(root.resolve(link.getFileName()), Files.readSymbolicLink(link));
      }
    }
    Path tar = directory.resolve("container.tar");
    Command.of("tar", "-cf", tar.toString(), "-C", root.toString(), ".").run();
    engine.docker("import", tar.toString(), "machine").run();
  }

  private static void assertBuilt(Path disk) {
    assertThat(DiskInspection.of(disk).slots())
        .singleElement()
        .satisfies(slot -> assertThat(slot.asRecorded()).contains(true));
  }
}
