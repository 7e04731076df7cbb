package dev.slipway.agent.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.agent.slots.Roots;
import dev.slipway.agent.switching.AgentConfiguration;
import dev.slipway.agent.switching.CommitPolicy;
import dev.slipway.agent.switching.HostStatus.Check;
import dev.slipway.agent.switching.InitSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealthChecksTest {
  @TempDir Path directory;
  private Roots roots;
  private boolean bootFinished = true;
  private List<String> failedUnits = List.of();

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
    Files.createDirectories(roots.proc());
    Files.createDirectories(roots.run());
    Files.createDirectories(roots.etc().resolve("slipway/health.d"));
    upSince(5);
  }

  private void upSince(int seconds) throws IOException {
    Files.writeString(roots.proc().resolve("uptime"), seconds + ".00 1.00\n");
  }

  private void script(String name, String body) throws IOException {
    Path file = roots.etc().resolve("slipway/health.d").resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Verdict judge(List<String> failedBefore) throws InterruptedException {
    AgentConfiguration quick =
        new AgentConfiguration(
            Duration.ofSeconds(60), Duration.ZERO, Duration.ofSeconds(1), CommitPolicy.TRUST);
    return new HealthChecks(roots, new Init(), () -> quick).judge(failedBefore);
  }

  @Test
  void passesWhenEveryScriptDoesInTheOrderOfTheirNames() throws Exception {
    script("20-second", "echo two");
    script("10-first", "echo one");
    Verdict verdict = judge(List.of());
    assertThat(verdict.reason()).isEmpty();
    assertThat(verdict.checks())
        .containsExactly(
            new Check("boot-finished", "passed", ""),
            new Check("failed-units", "passed", ""),
            new Check("10-first", "passed", "one"),
            new Check("20-second", "passed", "two"));
  }

  @Test
  void failsWithTheNameOfTheScriptAndItsLastLine() throws Exception {
    script("10-disk", "echo looking; echo 'no room on /srv' >&2; exit 4");
    script("20-never", "touch " + directory.resolve("ran"));
    Verdict verdict = judge(List.of());
    assertThat(verdict.reason()).contains("health:10-disk");
    assertThat(verdict.checks()).endsWith(new Check("10-disk", "failed", "no room on /srv"));
    assertThat(directory.resolve("ran")).doesNotExist();
  }

  @Test
  void namesTheExitCodeOfAScriptThatSaysNothing() throws Exception {
    script("10-mute", "exit 7");
    assertThat(judge(List.of()).checks()).endsWith(new Check("10-mute", "failed", "exit code 7"));
  }

  @Test
  void endsAScriptThatTakesTooLongWithAllItStarted() throws Exception {
    Path pid = directory.resolve("pid");
    script("10-slow", "echo waiting; sleep 300 & echo $! > " + pid + "; wait");
    Verdict verdict = judge(List.of());
    assertThat(verdict.reason()).contains("timeout:10-slow");
    assertThat(verdict.checks())
        .endsWith(new Check("10-slow", "timeout", "still running after 1 s: waiting"));
    long started = Long.parseLong(Files.readString(pid).strip());
    for (int i = 0; i < 50 && isRunning(started); i++) {
      Thread.sleep(20);
    }
    assertThat(isRunning(started)).isFalse();
  }

  private static boolean isRunning(long pid) {
    return ProcessHandle.of(pid).flatMap(process -> process.info().command()).isPresent();
  }

  @Test
  void isNotHeldUpByWhatAScriptLeavesRunning() throws Exception {
    script("10-daemon", "sleep 3 & echo started");
    assertThat(judge(List.of()).reason()).isEmpty();
  }

  @Test
  void passesOverWhatIsNotExecutable() throws Exception {
    Files.writeString(roots.etc().resolve("slipway/health.d/README"), "put checks here");
    assertThat(judge(List.of()).reason()).isEmpty();
  }

  @Test
  void failsAScriptWithoutAnInterpreter() throws Exception {
    script("10-odd", "");
    Files.writeString(roots.etc().resolve("slipway/health.d/10-odd"), "#!/no/such\n");
    Verdict verdict = judge(List.of());
    assertThat(verdict.reason()).contains("health:10-odd");
    assertThat(verdict.checks().get(2).reason()).contains("could not be run");
  }

  @Test
  void blamesATrialOnlyForUnitsThatHadNotFailedBefore() throws Exception {
    failedUnits = List.of("old.service");
    assertThat(judge(List.of("old.service")).reason()).isEmpty();
  }

  @Test
  void failsOnAUnitThatFailedNewly() throws Exception {
    upSince(58);
    failedUnits = List.of("new.service", "old.service");
    Verdict verdict = judge(List.of("old.service"));
    assertThat(verdict.reason()).contains("health:failed-units");
    assertThat(verdict.checks()).endsWith(new Check("failed-units", "failed", "new.service"));
  }

  @Test
  void timesOutWhenTheBootDoesNotFinish() throws Exception {
    upSince(61);
    bootFinished = false;
    assertThat(judge(List.of()).reason()).contains("timeout:boot-finished");
  }

  @Test
  void aSystemThatCannotBeJudgedHasFailed() throws Exception {
    Files.delete(roots.proc().resolve("uptime"));
    Verdict verdict = judge(List.of());
    assertThat(verdict.reason()).contains("health:judging");
    assertThat(verdict.checks())
        .singleElement()
        .satisfies(check -> assertThat(check.reason()).contains("uptime"));
  }

  @Test
  void aConfigurationThatIsNotUnderstoodFailsTheTrialAndIsNamed() throws Exception {
    Path file = Files.writeString(directory.resolve("agent.conf"), "{\"sookSeconds\": 1}");
    Verdict verdict =
        new HealthChecks(roots, new Init(), () -> AgentConfiguration.read(file)).judge(List.of());
    assertThat(verdict.reason()).contains("health:judging");
    assertThat(verdict.checks())
        .singleElement()
        .satisfies(check -> assertThat(check.reason()).contains("agent.conf", "sookSeconds"));
  }

  /** Such as by an editor that has it half written, on a full disk. */
  @Test
  void aConfigurationThatIsBrokenDuringTheChecksChangesNothing() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("agent.conf"),
            "{\"healthDeadlineSeconds\": 60, \"soakSeconds\": 0, \"checkSeconds\": 5}");
    script("10-edit", "echo '{\"soak' >" + file);
    Verdict verdict =
        new HealthChecks(roots, new Init(), () -> AgentConfiguration.read(file)).judge(List.of());
    assertThat(verdict.reason()).isEmpty();
  }

  @Test
  void looksAgainAfterTheSoak() throws Exception {
    Path once = directory.resolve("once");
    script("10-twice", "[ ! -e " + once + " ] || { echo second time; exit 1; }; touch " + once);
    assertThat(judge(List.of()).checks()).endsWith(new Check("10-twice", "failed", "second time"));
  }

  @Test
  void leavesNoFilesBehind() throws Exception {
    script("10-a", "echo x");
    judge(List.of());
    try (Stream<Path> left = Files.list(roots.run())) {
      assertThat(left).isEmpty();
    }
  }

  /** systemd as this test wants it to answer. */
  private final class Init implements InitSystem {
    @Override
    public void jump() {
      throw new AssertionError("a check does not jump");
    }

    @Override
    public void restart() {
      throw new AssertionError("a check does not restart");
    }

    @Override
    public boolean bootFinished() {
      return bootFinished;
    }

    @Override
    public boolean shuttingDown() {
      return false;
    }

    @Override
    public List<String> failedUnits() {
      return failedUnits;
    }
  }
}
