package dev.slipway.controller.osimage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.linux.Command;
import dev.slipway.linux.CommandFailed;
import dev.slipway.linux.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sandbox as a program inside sees it: a busybox is the whole tree. */
class SandboxTest {
  @TempDir private Path directory;
  private Path root;
  private Path output;

  @BeforeEach
  void busyboxTree() throws IOException {
    root = directory.resolve("root");
    output = Files.createDirectories(root.resolve("boot/slipway"));
    for (String name : List.of("dev", "proc", "run", "tmp", "bin", "usr/bin", "etc")) {
      Files.createDirectories(root.resolve(name));
    }
    Files.copy(
        Path.of("/bin/busybox"), root.resolve("bin/busybox"), StandardCopyOption.COPY_ATTRIBUTES);
    for (String applet :
        List.of("sh", "ls", "cat", "echo", "touch", "mknod", "mount", "grep", "ps", "head", "wc")) {
      Files.createSymbolicLink(root.resolve("bin/" + applet), Path.of("busybox"));
    }
    Files.createSymbolicLink(root.resolve("usr/bin/env"), Path.of("/bin/busybox"));
  }

  @AfterEach
  void nothingStaysMounted() {
    // Other mounts come and go as they like: tests run beside each other.
    assertThat(Mount.current()).noneMatch(mount -> mount.target().startsWith(directory));
    assertThat(root.resolve("dev")).isEmptyDirectory();
    assertThat(root.resolve("tmp")).isEmptyDirectory();
  }

  private String run(String script) {
    return new Sandbox(root).run(output, List.of("sh", "-c", script)).out().strip();
  }

  @Test
  void onlyThePowersAreLeftThatAnArchiveOfFilesTakes() {
    // chown, dac_override, fowner, fsetid, setgid, setuid, sys_chroot, mknod (capability.h).
    long powers = 1 << 0 | 1 << 1 | 1 << 3 | 1 << 4 | 1 << 6 | 1 << 7 | 1 << 18 | 1 << 27;
    assertThat(run("grep -E 'Cap(Bnd|Eff|Prm)' /proc/self/status").lines())
        .hasSize(3)
        .allMatch(line -> Long.parseLong(line.split("\\s+", -1)[1], 16) == powers);
  }

  @Test
  void whatIsWrittenToTheOutputStays() {
    run("echo made > /run/slipway/file");
    assertThat(output.resolve("file")).hasContent("made");
  }

  @Test
  void theTreeMayLieOnALoopDevice() throws IOException {
    Path file = directory.resolve("file-system");
    Command.of("truncate", "--size=64M", file.toString()).run();
    Command.of("mkfs.ext4", "-q", file.toString()).run();
    Path around = Files.createDirectory(directory.resolve("around"));
    Command.of("mount", "-o", "loop", file.toString(), around.toString()).run();
    try {
      Command.of("cp", "-a", root.toString(), around.toString()).run();
      Path there = around.resolve("root");
      assertThat(
              new Sandbox(there)
                  .run(there.resolve("boot/slipway"), List.of("sh", "-c", "echo inside"))
                  .out())
          .isEqualTo("inside\n");
    } finally {
      Command.of("umount", around.toString()).run();
    }
  }

  @Test
  void theTreeIsReadOnly() {
    assertThatThrownBy(() -> run("touch /etc/new"))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("Read-only");
    assertThat(root.resolve("etc")).isEmptyDirectory();
  }

  @Test
  void thereAreOnlyHarmlessDevices() {
    assertThat(run("ls /dev").lines())
        .containsExactlyInAnyOrder(
            "fd", "full", "null", "random", "stderr", "stdin", "stdout", "tty", "urandom", "zero");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/tmp", "/run", "/run/slipway"})
  void aDiskOfTheMachineCannotBeOpened(String where) {
    // 7:0 is /dev/loop0, which every kernel with loop devices has.
    assertThatThrownBy(() -> run("mknod %1$s/disk b 7 0 && cat %1$s/disk".formatted(where)))
        .hasMessageContaining("Permission denied");
  }

  @Test
  void aDiskThatTheImageBringsCannotBeOpened() {
    Command.of("mknod", root.resolve("etc/disk").toString(), "b", "7", "0").run();
    assertThatThrownBy(() -> run("cat /etc/disk")).hasMessageContaining("Permission denied");
  }

  @Test
  void noDeviceCanBeAddedToTheHarmlessOnes() {
    assertThatThrownBy(() -> run("mknod /dev/disk b 7 0")).hasMessageContaining("Read-only");
  }

  @Test
  void theHarmlessDevicesWork() {
    assertThat(run("echo gone > /dev/null; head -c 3 /dev/zero | wc -c; echo seen > /dev/stdout"))
        .isEqualTo("3\nseen");
  }

  @ParameterizedTest
  @ValueSource(strings = {"core_pattern", "hostname", "printk"})
  void noSettingOfTheMachineCanBeWritten(String setting) {
    String file = "/proc/sys/kernel/" + setting;
    // Its own value, which changes nothing where it can be written after all.
    assertThatThrownBy(() -> run("value=$(cat %1$s) && echo \"$value\" > %1$s".formatted(file)))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("Read-only file system");
  }

  @Test
  void whatActsOnTheMachineCannotBeOpenedForWriting() {
    // Opened, not written to; kernels differ in which of them they have.
    String script =
        """
        for file in /proc/sysrq-trigger /proc/irq/*/smp_affinity /proc/mtrr /proc/timer_list; do
          [ ! -e $file ] || ! (: >>$file) 2>/dev/null || echo $file
        done
        """;
    assertThat(run(script)).isEmpty();
  }

  @Test
  void nothingCanBeMounted() {
    assertThatThrownBy(() -> run("mount -t tmpfs none /tmp")).hasMessageContaining("ermi");
  }

  @Test
  void thereIsNoNetworkButAnIdleLoopback() {
    assertThat(run("grep -c : /proc/net/dev")).isEqualTo("1");
  }

  @Test
  void noProcessOfTheMachineIsSeen() {
    assertThat(run("echo /proc/[0-9]*")).isEqualTo("/proc/1");
  }

  @Test
  void theEnvironmentOfTheMachineStaysOutside() {
    assertThat(run("export")).doesNotContain("JAVA_HOME").contains("LC_ALL='C'");
  }

  @Test
  void itEndsWithTheProcessThatStartedIt() throws Exception {
    Process starter =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Sleeper.class.getName(),
                root.toString(),
                output.toString())
            .redirectErrorStream(true)
            .start();
    Path started = output.resolve("started");
    for (int i = 0; i < 300 && !Files.exists(started); i++) {
      Thread.sleep(100);
    }
    assertThat(started).exists();
    starter.destroyForcibly().waitFor();
    String marker = "sleep-in-" + root;
    for (int i = 0; i < 100 && isRunning(marker); i++) {
      Thread.sleep(100);
    }
    assertThat(isRunning(marker)).isFalse();
  }

  private static boolean isRunning(String marker) {
    return Command.of("sh", "-c", "cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' '")
        .runUnchecked()
        .out()
        .contains(marker + " end");
  }

  /** A process of its own that waits in a sandbox until it is killed. */
  static final class Sleeper {
    private Sleeper() {}

    public static void main(String[] arguments) {
      String wait = "echo > /run/slipway/started; while :; do read -t 1 line < /dev/tty || :; done";
      new Sandbox(Path.of(arguments[0]))
          .run(Path.of(arguments[1]), List.of("sh", "-c", wait, "sleep-in-" + arguments[0], "end"));
    }
  }
}
