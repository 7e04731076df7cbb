package dev.slipway.agent.switching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.agent.slots.Roots;
import dev.slipway.boot.KernelCommandLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which kernel settings of a trial end with it. */
class TrialPanicsTest {
  private static final String OF_A_TRIAL =
      "root=x slipway.mode=warmtrial " + String.join(" ", KernelCommandLine.IN_TRIALS);

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

  private void withdraw(String commandLine) {
    new TrialPanics(roots, KernelCommandLine.parse(commandLine)).withdraw();
  }

  @Test
  void aHangIsSurvivedAgain() {
    withdraw(OF_A_TRIAL);
    assertThat(sysctl("hung_task_panic")).hasContent("0");
    assertThat(sysctl("softlockup_panic")).hasContent("0");
  }

  @Test
  void whatADistributionMayHaveBuiltInStays() {
    withdraw(OF_A_TRIAL);
    assertThat(sysctl("panic_on_oops")).hasContent("1");
  }

  @Test
  void whatTheOperatorGivesOnTheCommandLineStays() {
    withdraw("hung_task_panic=1 " + OF_A_TRIAL);
    assertThat(sysctl("hung_task_panic")).hasContent("1");
    assertThat(sysctl("softlockup_panic")).hasContent("0");
  }

  @Test
  void whatTheOperatorGivesOnTheCommandLineIsOnlyThatWhenItAsksForAPanic() {
    withdraw("hung_task_panic=0 " + OF_A_TRIAL);
    assertThat(sysctl("hung_task_panic")).hasContent("0");
  }

  @Test
  void whatTheOperatorConfiguresStays() throws IOException {
    Files.writeString(
        roots.etc().resolve("sysctl.d/90-ours.conf"),
        "# kernel.hung_task_panic = 1\n-kernel/softlockup_panic = 1\n");
    withdraw(OF_A_TRIAL);
    assertThat(sysctl("hung_task_panic")).hasContent("0");
    assertThat(sysctl("softlockup_panic")).hasContent("1");
  }

  @Test
  void aKernelWithoutASettingGetsNone() throws IOException {
    Files.delete(sysctl("hung_task_panic"));
    withdraw(OF_A_TRIAL);
    assertThat(sysctl("hung_task_panic")).doesNotExist();
    assertThat(sysctl("softlockup_panic")).hasContent("0");
  }
}
