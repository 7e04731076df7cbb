package dev.slipway.agent.switching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.agent.slots.Roots;
import dev.slipway.boot.BootArguments;
import dev.slipway.boot.BootMode;
import dev.slipway.boot.KernelCommandLine;
import dev.slipway.disk.PartitionId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which kernel settings of a trial end with it. */
class TrialPanicsTest {
  @TempDir Path directory;
  private Roots roots;

  @BeforeEach
  void make() throws IOException {
    roots =
        new Roots(
            directory.resolve("proc"),
            directory.resolve("sys"),
            directory.resolve("dev"),
            directory.resolve("run"),
            directory.resolve("etc"),
            directory.resolve("usr"),
            directory.resolve("data"));
    Files.createDirectories(roots.proc().resolve("sys/kernel"));
    Files.createDirectories(roots.etc().resolve("sysctl.d"));
    for (String each : new String[] {"hung_task_panic", "softlockup_panic", "panic_on_oops"}) {
      Files.writeString(sysctl(each), "1\n");
    }
  }

  private Path sysctl(String name) {
    return roots.proc().resolve("sys/kernel").resolve(name);
  }

  /** In a trial to whose command line the operator adds these arguments. */
  private void withdraw(String operators) {
    KernelCommandLine commandLine =
        KernelCommandLine.parse(operators)
            .forBoot(
                new BootArguments(
                    "new", PartitionId.of(UUID.randomUUID()), BootMode.WARMTRIAL, "", "01TRIAL"));
    new TrialPanics(roots, commandLine).withdraw();
  }

  @Test
  void aHangIsSurvivedAgain() {
    withdraw("");
    assertThat(sysctl("hung_task_panic")).hasContent("0");
    assertThat(sysctl("softlockup_panic")).hasContent("0");
  }

  @Test
  void whatADistributionMayHaveBuiltInStays() {
    withdraw("");
    assertThat(sysctl("panic_on_oops")).hasContent("1");
  }

  @Test
  void whatTheOperatorGivesOnTheCommandLineStays() {
    withdraw("hung_task_panic=1");
    assertThat(sysctl("hung_task_panic")).hasContent("1");
    assertThat(sysctl("softlockup_panic")).hasContent("0");
  }

  @Test
  void whatTheOperatorGivesOnTheCommandLineIsOnlyThatWhenItAsksForAPanic() {
    withdraw("hung_task_panic=0");
    assertThat(sysctl("hung_task_panic")).hasContent("0");
  }

  @Test
  void whatTheOperatorConfiguresStays() throws IOException {
    Files.writeString(
        roots.etc().resolve("sysctl.d/90-ours.conf"),
        "# kernel.hung_task_panic = 1\n-kernel/softlockup_panic = 1\n");
    withdraw("");
    assertThat(sysctl("hung_task_panic")).hasContent("0");
    assertThat(sysctl("softlockup_panic")).hasContent("1");
  }

  @Test
  void whatTheOperatingSystemConfiguresStays() throws IOException {
    Path packaged = Files.createDirectories(roots.usr().resolve("lib/sysctl.d"));
    Files.writeString(packaged.resolve("50-packaged.conf"), "kernel.hung_task_panic=1\n");
    Path local = Files.createDirectories(roots.usr().resolve("local/lib/sysctl.d"));
    Files.writeString(local.resolve("50-local.conf"), "kernel.softlockup_panic=1\n");
    withdraw("");
    assertThat(sysctl("hung_task_panic")).hasContent("1");
    assertThat(sysctl("softlockup_panic")).hasContent("1");
  }

  @Test
  void aKernelWithoutASettingGetsNone() throws IOException {
    Files.delete(sysctl("hung_task_panic"));
    withdraw("");
    assertThat(sysctl("hung_task_panic")).doesNotExist();
    assertThat(sysctl("softlockup_panic")).hasContent("0");
  }
}
