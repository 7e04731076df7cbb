package dev.slipway.controller.osimage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.linux.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The script trial-deadline, run by a busybox shell in a root of its own, where time passes as fast
 * as it is slept away and nothing reboots.
 */
class TrialDeadlineTest {
  private static final String REBOOT = "systemctl --force reboot skip-kexec=1";

  @TempDir private Path root;
  private TestTree tree;

  @BeforeEach
  void smallRoot() throws IOException {
    tree =
        new TestTree(root)
            .directory("/dev")
            .directory("/run/slipway")
            .directory("/var/lib/slipway")
            .directory("/bin")
            .file("/proc/uptime", "30.00 1.00\n")
            .file("/proc/sysrq-trigger", "")
            .file(
                "/proc/cmdline",
                "root=x slipway.slot=new slipway.mode=warmtrial slipway.txn=01T panic=10\n")
            .file("/deeds", "");
    Files.copy(
        Path.of("/bin/busybox"), root.resolve("bin/busybox"), StandardCopyOption.COPY_ATTRIBUTES);
    for (String applet : List.of("sh", "cat", "sync")) {
      Files.createSymbolicLink(root.resolve("bin/" + applet), Path.of("busybox"));
    }
    script(
        "/bin/systemctl", "echo \"systemctl $* skip-kexec=$SYSTEMCTL_SKIP_AUTO_KEXEC\" >>/deeds");
    script(
        "/bin/sleep",
        """
        read -r up _ </proc/uptime
        up=$((${up%%.*} + $1))
        echo "$up.00 1.00" >/proc/uptime
        [ "$up" -lt "$(cat /passes-at 2>/dev/null || echo 1000000)" ] || : >/run/slipway/trial-passed
        """);
    Files.createFile(root.resolve("dev/kmsg"));
    tree.directory("/usr/lib/slipway");
    try (OsTree os = new OsTree(root)) {
      Resource.put(os, "trial-deadline", "/usr/lib/slipway/trial-deadline", 0755);
    }
  }

  private void script(String path, String body) throws IOException {
    tree.file(path, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(
        root.resolve(path.substring(1)), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private int boot() {
    return run().exit();
  }

  private Command.Result run() {
    return Command.of("chroot", root.toString(), "/usr/lib/slipway/trial-deadline").runUnchecked();
  }

  private int uptime() {
    String text = tree.read("/proc/uptime");
    return Integer.parseInt(text.substring(0, text.indexOf('.')));
  }

  @Test
  void aTrialThatPassesIsLeftAlone() {
    tree.file("/passes-at", "200");
    assertThat(boot()).isZero();
    assertThat(tree.read("/deeds")).isEmpty();
    assertThat(uptime()).isLessThan(210);
  }

  @Test
  void aTrialWhoseAgentIsDeadIsRebootedTwoMinutesAfterTheDeadline() {
    boot();
    assertThat(tree.read("/deeds")).contains(REBOOT);
    assertThat(uptime()).isBetween(420 + 5, 420 + 90);
  }

  @Test
  void theOtherSideIsToldWhy() {
    boot();
    assertThat(tree.read("/var/lib/slipway/last-words")).isEqualTo("01T trial-deadline\n");
  }

  @Test
  void theKernelRebootsWhereSystemdDoesNot() {
    assertThat(boot()).as("so that systemd starts it again").isNotZero();
    assertThat(tree.read("/proc/sysrq-trigger")).isEqualTo("b\n");
  }

  @Test
  void aVerdictAtTheLastMomentCounts() {
    tree.file("/passes-at", "420");
    assertThat(boot()).isZero();
    assertThat(tree.read("/deeds")).isEmpty();
  }

  /** A flash holds the lock; the file that says so goes away when the verdict cannot be written. */
  @Test
  void aVerdictThatWaitsToBeWrittenIsWaitedForAsWell() {
    tree.file("/run/slipway/trial-judged", "").file("/passes-at", "1500");
    assertThat(boot()).isZero();
    assertThat(tree.read("/deeds")).isEmpty();
  }

  @Test
  void aVerdictThatIsNeverWrittenIsWaitedForAnHourAtMost() {
    tree.file("/run/slipway/trial-judged", "");
    boot();
    assertThat(tree.read("/deeds")).contains(REBOOT);
    assertThat(uptime()).isBetween(4020 + 5, 4020 + 90);
  }

  @Test
  void theTimeThatIsToldIsTheOneThatPassed() throws IOException {
    tree.file("/run/slipway/trial-judged", "");
    // Where the kernel's log cannot be written, the script speaks to standard error.
    Files.delete(root.resolve("dev/kmsg"));
    Files.createDirectory(root.resolve("dev/kmsg"));
    assertThat(run().err())
        .containsPattern("the trial of slot new has come to no verdict after 402\\d seconds");
  }

  @Test
  void theDeadlineIsTheOneOfTheConfiguration() {
    tree.file(
        "/var/lib/slipway/agent.conf",
        "{\n  \"soakSeconds\": 9,\n  \"healthDeadlineSeconds\" :\n  1000, \"commit\": \"trust\"\n}\n");
    boot();
    assertThat(uptime()).isBetween(1120 + 5, 1120 + 90);
  }

  @Test
  void aConfigurationThatIsNotUnderstoodMeansTheDefault() {
    tree.file("/var/lib/slipway/agent.conf", "{\"healthDeadlineSeconds\": \"long\"}");
    boot();
    assertThat(uptime()).isBetween(420 + 5, 420 + 90);
  }
}
