package dev.slipway.agent.health;

import dev.slipway.agent.slots.Roots;
import dev.slipway.agent.switching.AgentConfiguration;
import dev.slipway.agent.switching.HostStatus.Check;
import dev.slipway.agent.switching.InitSystem;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Whether a trial is healthy: its boot comes to an end, no unit has failed that had not failed
 * before, every executable in {@code /etc/slipway/health.d} says so, and all that still holds after
 * the soak. One deadline, counted from the boot, goes over all of it.
 */
public final class HealthChecks {
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration BEFORE_SECOND_LOOK = Duration.ofSeconds(10);
  private static final String BOOT_FINISHED = "boot-finished";
  private static final String JUDGING = "judging";
  private static final String FAILED_UNITS = "failed-units";

  private final Roots roots;
  private final InitSystem init;
  private final Supplier<AgentConfiguration> configuration;

  /**
   * @param configuration asked once, when the checks begin; one that cannot be read fails them
   */
  public HealthChecks(Roots roots, InitSystem init, Supplier<AgentConfiguration> configuration) {
    this.roots = roots;
    this.init = init;
    this.configuration = configuration;
  }

  /**
   * Runs the checks to a verdict. Takes at most until the deadline, plus the limit of one check.
   * When the checks themselves cannot be made, that is a verdict too: a system that cannot be
   * judged has not proved itself.
   *
   * @param failedBefore units that had failed before the switch; the trial is not blamed for them
   */
  public Verdict judge(List<String> failedBefore) throws InterruptedException {
    try {
      return verdict(failedBefore);
    } catch (RuntimeException | Error e) {
      return new Verdict(
          Optional.of("health:" + JUDGING),
          List.of(new Check(JUDGING, "failed", "the checks could not be made: " + said(e))));
    }
  }

  private static String said(Throwable error) {
    return error instanceof OperatorError sentence ? sentence.getMessage() : error.toString();
  }

  private Verdict verdict(List<String> failedBefore) throws InterruptedException {
    // Once: what is half written a minute later must not end a trial.
    AgentConfiguration limits = configuration.get();
    List<Check> checks = new ArrayList<>();
    while (!init.bootFinished()) {
      if (timeLeft(limits).isZero()) {
        checks.add(new Check(BOOT_FINISHED, "timeout", "the boot has not finished in time"));
        return new Verdict(Optional.of("timeout:" + BOOT_FINISHED), checks);
      }
      Thread.sleep(PAUSE.toMillis());
    }
    checks.add(new Check(BOOT_FINISHED, "passed", ""));
    Optional<String> failure = look(failedBefore, limits, checks);
    if (failure.isEmpty()) {
      Thread.sleep(shorter(limits.soak(), timeLeft(limits)).toMillis());
      List<Check> afterSoak = new ArrayList<>(checks.subList(0, 1));
      failure = look(failedBefore, limits, afterSoak);
      checks = afterSoak;
    }
    return new Verdict(failure, checks);
  }

  private Optional<String> look(
      List<String> failedBefore, AgentConfiguration limits, List<Check> checks)
      throws InterruptedException {
    List<String> newlyFailed = newlyFailed(failedBefore);
    if (!newlyFailed.isEmpty()) {
      // systemd may be about to restart it.
      Thread.sleep(shorter(BEFORE_SECOND_LOOK, timeLeft(limits)).toMillis());
      newlyFailed.retainAll(newlyFailed(failedBefore));
    }
    if (!newlyFailed.isEmpty()) {
      checks.add(new Check(FAILED_UNITS, "failed", String.join(", ", newlyFailed)));
      return Optional.of("health:" + FAILED_UNITS);
    }
    checks.add(new Check(FAILED_UNITS, "passed", ""));
    for (Path executable : executables()) {
      Check check = new HealthScript(executable, roots.run()).run(limit(limits));
      checks.add(check);
      if (check.outcome().equals("failed")) {
        return Optional.of("health:" + check.name());
      }
      if (check.outcome().equals("timeout")) {
        return Optional.of("timeout:" + check.name());
      }
    }
    return Optional.empty();
  }

  private List<String> newlyFailed(List<String> failedBefore) {
    List<String> failed = new ArrayList<>(init.failedUnits());
    failed.removeAll(failedBefore);
    return failed;
  }

  /** At least a second, so that a check never fails for want of any time at all. */
  private Duration limit(AgentConfiguration limits) {
    Duration left = timeLeft(limits);
    return shorter(limits.checkLimit(), left.compareTo(PAUSE) < 0 ? PAUSE : left);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private Duration timeLeft(AgentConfiguration limits) {
    Duration left = limits.healthDeadline().minus(sinceBoot());
    return left.isNegative() ? Duration.ZERO : left;
  }

  private Duration sinceBoot() {
    try {
      String uptime = Files.readString(roots.proc().resolve("uptime"));
      return Duration.ofMillis(
          (long) (Double.parseDouble(uptime.substring(0, uptime.indexOf(' '))) * 1000));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sorted by name; what is not executable is none, such as a README. */
  private List<Path> executables() {
    Path directory = roots.etc().resolve("slipway/health.d");
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .filter(entry -> Files.isRegularFile(entry) && Files.isExecutable(entry))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
