package dev.slipway.controller.goldendisk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The command in a process of its own: ended early, or on a machine that lacks something. */
class BuildCommandTest {
  @RegisterExtension final BuildSite site = new BuildSite();
  private final Path directory = site.directory();
  private final TestBuild builds = site.builds();

  @Test
  @Timeout(120)
  void aKilledBuildLeavesNothing() throws Exception {
    TinyImage image = TinyImage.in(directory.resolve("image"), 1).with("large", 200 << 20);
    Path scratch = Files.createDirectory(directory.resolve("scratch"));
    Files.writeString(builds.output(), "the older disk");
    Set<Path> before = filesHere();
    ProcessBuilder command = command(builds.description(TestBuild.oneSlot(image, "512MiB")));
    command
        .command()
        .addAll(
            0,
            List.of(TestBuild.CHECKOUT.resolve("packages/in-own-mounts").toString(), "" + scratch));
    command.command().add(3, "-Djava.io.tmpdir=" + scratch);
    Process build = command.start();
    try (BufferedReader lines = build.errorReader()) {
      awaitUnpacking(lines, new StringBuilder());
      // Else there would be nothing to be left.
      assertThat(TestBuild.backingFiles()).anyMatch(file -> file.contains(directory.toString()));
    } finally {
      build.destroyForcibly();
    }

    assertThat(build.waitFor()).isEqualTo(128 + 9);
    while (TestBuild.backingFiles().stream()
        .anyMatch(file -> file.contains(directory.toString()))) {
      // What the kernel still had to write is written first.
      Thread.sleep(50);
    }
    assertThat(builds.output()).hasContent("the older disk");
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
    Process build = command(builds.description(TestBuild.oneSlot(image, "1GiB"))).start();
    StringBuilder said = new StringBuilder();
    try (BufferedReader lines = build.errorReader()) {
      awaitUnpacking(lines, said);
      build.toHandle().destroy();
      lines.lines().forEach(line -> said.append(line).append('\n'));
    }
    assertThat(build.waitFor(60, TimeUnit.SECONDS)).isTrue();

    assertThat(said).contains("nothing is left behind").doesNotContain("is ready");
    assertThat(build.exitValue()).isEqualTo(128 + 15);
    assertThat(builds.output()).doesNotExist();
  }

  @Test
  @Timeout(120)
  void aMachineWithoutTheRulesOfATimeZoneSaysSo() throws Exception {
    TinyImage image = TinyImage.in(directory.resolve("image"), 1);
    Path disk =
        builds.description(TestBuild.oneSlot(image, "64MiB") + "host: {timezone: Europe/Berlin}\n");
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
    command.addAll(BuildCommand.words(disk, builds.output()));
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
}
