package dev.slipway.controller.fleet;

import dev.slipway.controller.fleet.engine.CommitPolicy;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a person asks for when starting a rollout. Unknown fields are refused: a misspelt limit must
 * not count as none.
 *
 * @param release {@code name:version}
 * @param selector which hosts, see {@link Selector}
 * @param canary how many hosts go first and alone; default 1, 0 for none
 * @param maxFailed how many may fail beside the canary; default 0
 * @param maxSwitching how many may switch at a time; default 1
 * @param commit {@code next-natural} (default), {@code immediate} or {@code trust}
 * @param stageSeconds how long a host may take to stage; default an hour
 * @param switchSeconds how long from the order to switch to the proof; default 15 minutes
 */
public record RolloutRequest(
    Optional<String> release,
    Optional<String> selector,
    Optional<Integer> canary,
    Optional<Integer> maxFailed,
    Optional<Integer> maxSwitching,
    Optional<String> commit,
    Optional<Long> stageSeconds,
    Optional<Long> switchSeconds) {
  private static final int MOST_HOSTS = 1_000_000;
  private static final long LONGEST = Duration.ofDays(30).toSeconds();

  String releaseName() {
    return release.orElseThrow(
        () -> FleetRefused.badRequest("Say which release: \"release\": \"web:2\"."));
  }

  Selector hosts() {
    return Selector.parse(
        selector.orElseThrow(
            () ->
                FleetRefused.badRequest(
                    "Say which hosts: \"selector\": \"rack=r12\", or \"all\" for every host.")));
  }

  int canaryHosts() {
    return (int) within("canary", canary.map(Integer::longValue).orElse(1L), 0, MOST_HOSTS);
  }

  int failuresAllowed() {
    return (int) within("maxFailed", maxFailed.map(Integer::longValue).orElse(0L), 0, MOST_HOSTS);
  }

  int atATime() {
    return (int)
        within("maxSwitching", maxSwitching.map(Integer::longValue).orElse(1L), 1, MOST_HOSTS);
  }

  Duration stageTimeout() {
    return Duration.ofSeconds(within("stageSeconds", stageSeconds.orElse(3600L), 1, LONGEST));
  }

  Duration switchTimeout() {
    return Duration.ofSeconds(within("switchSeconds", switchSeconds.orElse(900L), 1, LONGEST));
  }

  CommitPolicy commitPolicy() {
    String word = commit.orElse("next-natural");
    return Arrays.stream(CommitPolicy.values())
        .filter(policy -> SyncAnswer.word(policy).equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                FleetRefused.badRequest(
                    "'" + word + "' is no commit policy: use next-natural, immediate or trust."));
  }

  private static long within(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw FleetRefused.badRequest(
          "'" + name + "' is " + value + "; it has to be " + least + " to " + most + ".");
    }
    return value;
  }
}
