package dev.slipway.controller.goldendisk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.linux.Command;
import dev.slipway.linux.Mount;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Ctrl-C: the terminal sends SIGINT to the build and to every program that runs for it. Nothing is
 * left, though no namespace goes with the build here.
 */
@Timeout(120)
class InterruptedBuildTest {
  /** A dracut that is still at work. */
  private static final String AT_WORK = "sleep 98765";

  private static final String MODULES = "lib/modules/" + TinyImage.KERNEL_VERSION + "/";

  @RegisterExtension final BuildSite site = new BuildSite();
  private final Path directory = site.directory();
  private final TestBuild builds = site.builds();
  private TinyImage image;
  private Path temporary;

  @BeforeEach
  void startAnew() throws IOException {
    image = TinyImage.in(directory.resolve("image"), 1);
    temporary = Files.createDirectory(directory.resolve("temporary"));
  }

  @Test
  void whileAnImageIsUnpacked() throws Exception {
    large(20);

    assertInterrupted(TestBuild.oneSlot(image, "1GiB"), build -> build.says("slot1: unpack"));
  }

  @Test
  void whileDracutMakesAnInitrd() throws Exception {
    slowDracut();
    String yaml = "slots: [{name: slot1, image: \"%s\", size: 128MiB, agent: false}]\n";

    assertInterrupted(
        yaml.formatted(image.reference()),
        build -> {
          build.says("slot1: prepare to boot");
          build.runs(AT_WORK);
        });
  }

  @Test
  void whileTheDiskIsConverted() throws Exception {
    builds.to("golden.qcow2");
    large(20);

    assertInterrupted(
        TestBuild.oneSlot(image, "1GiB"),
        build -> {
          build.says("convert to");
          build.runs("qemu-img convert");
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"image check", "image prepare --no-agent -o OUTPUT"})
  void whileACommandForOneImageUnpacksIt(String command) throws Exception {
    large(20);
    Path work = Files.createDirectory(directory.resolve("work"));
    List<String> words =
        new ArrayList<>(
            List.of(command.replace("OUTPUT", builds.output().toString()).split(" ", -1)));
    words.addAll(List.of("--initrd", "keep", "--work", work.toString(), image.reference()));

    assertInterrupted(
        ControllerCommand.words(inTemporary(), words.toArray(String[]::new)),
        build -> build.writes(work, "large"));

    assertThat(work).isEmptyDirectory();
  }

  private void large(int files) throws IOException {
    for (int i = 0; i < files; i++) {
      image.with("large/" + i, 20 << 20);
    }
  }

  /** In a root of busybox, which is all that the sandbox asks for. */
  private void slowDracut() throws IOException {
    Path boot = image.root().resolve("boot");
    Files.move(
        boot.resolve("slipway/vmlinuz"), boot.resolve("vmlinuz-" + TinyImage.KERNEL_VERSION));
    image
        .withText(MODULES + "modules.dep", "")
        .withText(MODULES + "modules.builtin", "virtio_pci.ko\nvirtio_blk.ko\next4.ko\n")
        .withText("usr/lib/dracut/modules.d/README", "")
        .withText("usr/bin/dracut", "#!/bin/sh\n[ \"$1\" != --help ] || exit 0\n" + AT_WORK + "\n");
    Path bin = Files.createDirectories(image.root().resolve("bin"));
    Files.copy(Path.of("/bin/busybox"), bin.resolve("busybox"), StandardCopyOption.COPY_ATTRIBUTES);
    for (String applet : List.of("sh", "sleep")) {
      Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
    }
    Files.createSymbolicLink(image.root().resolve("usr/bin/env"), Path.of("../../bin/busybox"));
    Files.setPosixFilePermissions(
        image.root().resolve("usr/bin/dracut"), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Says when a build has come to the point where it is interrupted. */
  private interface Moment {
    void await(RunningBuild build) throws Exception;
  }

  private void assertInterrupted(String yaml, Moment moment) throws Exception {
    Path disk = builds.description(yaml);
    assertInterrupted(
        BuildCommand.words(disk, builds.output(), inTemporary().toArray(String[]::new)), moment);
  }

  private List<String> inTemporary() {
    return List.of("-Djava.io.tmpdir=" + temporary);
  }

  private void assertInterrupted(List<String> command, Moment moment) throws Exception {
    Files.writeString(builds.output(), "the older disk");
    Set<Path> before = filesHere();
    List<String> mounts = mounts();

    RunningBuild build = new RunningBuild(command);
    moment.await(build);
    int exit = build.interrupt();

    assertThat(exit).as(build.said.toString()).isEqualTo(128 + 2);
    assertThat(build.said).contains("nothing is left behind").doesNotContain("is ready");
    assertThat(build.programs()).as("programs that still run").isEmpty();
    assertThat(builds.output()).hasContent("the older disk");
    assertThat(filesHere()).isEqualTo(before);
    assertThat(temporary).isEmptyDirectory();
    assertThat(mounts()).isEqualTo(mounts);
  }

  private Set<Path> filesHere() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private List<String> mounts() {
    return Mount.current().stream()
        .map(point -> point.target().toString())
        .filter(target -> target.startsWith(directory.toString()))
        .toList();
  }

  /** A build that is the foreground job of a terminal of its own, but for the terminal. */
  private static final class RunningBuild {
    private final Process process;
    private final BufferedReader lines;
    private final StringBuilder said = new StringBuilder();

    RunningBuild(List<String> command) throws IOException {
      // A shell without job control lets what it starts in the background ignore SIGINT.
      List<String> words = new ArrayList<>(List.of("setsid", "env", "--default-signal=INT"));
      words.addAll(command);
      this.process =
          new ProcessBuilder(words).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
      this.lines = process.errorReader();
    }

    /** Waits until this step begins. */
    void says(String step) throws IOException {
      String line = "";
      while (!(line.startsWith(step) && line.endsWith("..."))) {
        line = lines.readLine();
        assertThat(line).as("the build's next line after\n" + said).isNotNull();
        said.append(line).append('\n');
      }
    }

    /** Waits until such a program runs for it. */
    void runs(String program) throws InterruptedException {
      while (programs().stream().noneMatch(running -> running.contains(program))) {
        if (!process.isAlive()) {
          readOn();
        }
        assertThat(process.isAlive()).as("that it runs, after\n" + said).isTrue();
        Thread.sleep(10);
      }
    }

    /** Waits until something of this name is below that directory. */
    void writes(Path below, String name) throws InterruptedException {
      while (Command.of("find", below.toString(), "-name", name).runUnchecked().out().isEmpty()) {
        if (!process.isAlive()) {
          readOn();
        }
        assertThat(process.isAlive()).as("that it runs, after\n" + said).isTrue();
        Thread.sleep(10);
      }
    }

    /** The command lines of all that belong to it. */
    List<String> programs() {
      return Command.of("ps", "-s", Long.toString(process.pid()), "-o", "args=")
          .runUnchecked()
          .out()
          .lines()
          .toList();
    }

    /** The exit code. */
    int interrupt() throws InterruptedException {
      Command.of("kill", "-INT", "--", "-" + process.pid()).run();
      readOn();
      return process.waitFor();
    }

    private void readOn() {
      lines.lines().forEach(line -> said.append(line).append('\n'));
    }
  }
}
