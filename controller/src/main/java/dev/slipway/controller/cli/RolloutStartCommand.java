package dev.slipway.controller.cli;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code controller rollout start}. */
@Command(
    name = "start",
    description = "Brings a release to the selected hosts: the canary first, then the rest.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  controller rollout start web:2 --select all",
      "  controller rollout start web:2 --select env=test --canary 2 --commit trust"
    })
final class RolloutStartCommand implements Callable<Integer> {
  @Mixin private ConfigOption config;
  @Mixin private AnswerFormat format;

  @Parameters(paramLabel = "RELEASE", description = "Name and version, as in web:2.")
  private String release;

  @Option(
      names = "--select",
      required = true,
      paramLabel = "SELECTOR",
      description = "Which hosts, by label: rack=r1,env!=prod, role in (db,web), !canary; or all.")
  private String selector;

  @Option(
      names = "--canary",
      defaultValue = "1",
      paramLabel = "N",
      description =
          "How many go first and alone; any failure there halts. 0 for none (default: 1).")
  private int canary;

  @Option(
      names = "--max-failed",
      defaultValue = "0",
      paramLabel = "N",
      description = "How many may fail or fall silent after the canary (default: 0).")
  private int maxFailed;

  @Option(
      names = "--max-switching",
      defaultValue = "1",
      paramLabel = "N",
      description = "How many may switch at a time (default: 1).")
  private int maxSwitching;

  @Option(
      names = "--commit",
      defaultValue = "next-natural",
      paramLabel = "POLICY",
      description =
          "When a host proves that firmware can boot the release: next-natural (default),"
              + " immediate or trust.")
  private String commit;

  @Option(
      names = "--stage-timeout",
      defaultValue = "1h",
      paramLabel = "TIME",
      description = "How long a host may take to stage: 90s, 30m, 2h (default: 1h).")
  private Duration stageTimeout;

  @Option(
      names = "--switch-timeout",
      defaultValue = "15m",
      paramLabel = "TIME",
      description = "How long from the order to switch to the proof (default: 15m).")
  private Duration switchTimeout;

  @Override
  public Integer call() {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("release", release);
    request.put("selector", selector);
    request.put("canary", canary);
    request.put("maxFailed", maxFailed);
    request.put("maxSwitching", maxSwitching);
    request.put("commit", commit);
    request.put("stageSeconds", stageTimeout.toSeconds());
    request.put("switchSeconds", switchTimeout.toSeconds());
    format.print(config.controller().post("/api/v1/rollouts", request), RolloutText::print);
    return 0;
  }
}
