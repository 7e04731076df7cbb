package dev.slipway.controller.goldendisk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.controller.source.engine.PrivateEngine;
import dev.slipway.disk.Partition;
import dev.slipway.linux.Command;
import dev.slipway.linux.LoopDevice;
import dev.slipway.linux.Mount;
import dev.slipway.tree.EntryStream;
import dev.slipway.tree.Manifest;
import dev.slipway.tree.TreeScanner;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Disks that the command builds of what a real Docker Engine has or makes. */
@Timeout(120)
class EngineDiskTest {
  @TempDir private static Path engineDirectory;
  private static PrivateEngine engine;

  @RegisterExtension final BuildSite site = new BuildSite();
  private final Path directory = site.directory();
  private final TestBuild builds = site.builds();
  private TinyImage image;
  private Path tar;

  @BeforeAll
  static void start() throws Exception {
    engine = new PrivateEngine(engineDirectory);
  }

  @AfterAll
  static void stop() throws Exception {
    engine.close();
  }

  @BeforeEach
  void imageThatIsNotOnlyFiles() throws IOException {
    image =
        TinyImage.in(directory.resolve("image"), 1)
            .with("usr/share/data", 3_000_000)
            .withText("usr/bin/ping", "#!/bin/sh\n");
    String more =
        """
        chown 12:34 usr/share/data
        ln usr/share/data usr/share/same
        ln -s ../share/data usr/bin/link
        chmod 2755 usr/share
        setcap cap_net_raw+ep usr/bin/ping
        find . -exec touch -h -d '2020-02-02 02:02:02Z' {} +
        """;
    Command.of("sh", "-ec", more).directory(image.root()).run();
    tar = directory.resolve("image.tar");
    Command.of(
            "tar",
            "--xattrs",
            "--xattrs-include=*",
            "-cf",
            tar.toString(),
            "-C",
            image.root().toString(),
            ".")
        .run();
  }

  @Test
  void anImageOfTheEngineIsOnTheDiskAsItIs() throws Exception {
    engine.docker("import", tar.toString(), "tiny:1").run();

    assertOnDisk("docker-daemon:tiny:1");
  }

  @Test
  void whatTheEngineBuildsIsOnTheDiskAsItIs() throws Exception {
    Path context = Files.createDirectory(directory.resolve("context"));
    Files.move(tar, context.resolve("image.tar"));
    Files.writeString(context.resolve("Dockerfile"), "FROM scratch\nADD image.tar /\n");

    assertOnDisk("dockerfile:" + context);
  }

  private void assertOnDisk(String reference) throws Exception {
    build(reference);

    DiskInspection.SlotFinding slot = DiskInspection.of(builds.output()).slots().get(0);
    assertThat(slot.ready().orElseThrow().reference()).isEqualTo(reference);
    assertThat(slot.asRecorded()).contains(true);
    Manifest expected = manifest(image.root());
    assertThat(expected.entries()).hasSizeGreaterThan(10);
    assertThat(expected.differences(inSlot(slot.slot().partition())))
        .filteredOn(difference -> expected.entry(difference.path()).isPresent())
        .extracting(difference -> difference.path().toString())
        .as("what is not as in the image: two directories get new entries, and so another time")
        .containsExactly(".", "usr");
  }

  private void build(String reference) throws Exception {
    File said = directory.resolve("said").toFile();
    ProcessBuilder command =
        new ProcessBuilder(
                BuildCommand.words(
                    builds.description(TestBuild.oneSlot(reference, "64MiB")), builds.output()))
            .redirectErrorStream(true)
            .redirectOutput(said);
    command.environment().put("DOCKER_HOST", engine.host());
    int exit = command.start().waitFor();
    assertThat(exit).as(Files.readString(said.toPath())).isZero();
  }

  private Manifest inSlot(Partition partition) throws IOException {
    Path root = Files.createDirectory(directory.resolve("root"));
    try (LoopDevice device =
            LoopDevice.attach(builds.output(), partition.offset(), partition.size(), true);
        Mount mount =
            Mount.of(device.path(), root, "ext4", Set.of(Mount.Option.READ_ONLY), "noload")) {
      return manifest(mount.target());
    }
  }

  private static Manifest manifest(Path root) {
    try (EntryStream entries = TreeScanner.of(root)) {
      return Manifest.of(entries);
    }
  }
}
