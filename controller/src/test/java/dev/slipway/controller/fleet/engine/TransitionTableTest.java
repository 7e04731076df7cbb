package dev.slipway.controller.fleet.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every pair of state and signal, against tables written down a second time, in another shape: what
 * a state lets happen to it. Whatever a line does not name has to move nothing.
 */
class TransitionTableTest {
  private static final String HOSTS =
      """
      IDLE         ADMITTED>OFFERED ALREADY_THERE>COMMITTED BLOCKED>QUARANTINED NO_WAY_BACK>REFUSED TAKEN_BACK>OFFERED REVOKED>REVOKED
      OFFERED      ALREADY_THERE>COMMITTED FELL_BACK>ROLLED_BACK TAKEN_BACK>OFFERED STAGING_BEGAN>STAGING STAGED>STAGED STAGING_FAILED>STAGE_FAILED STAGING_OVERDUE>STAGE_FAILED RECALLED>IDLE WRONG_SLOT>DRIFTED REVOKED>REVOKED
      STAGING      ALREADY_THERE>COMMITTED FELL_BACK>ROLLED_BACK STAGED>STAGED STAGING_FAILED>STAGE_FAILED STAGING_OVERDUE>STAGE_FAILED RECALLED>IDLE WRONG_SLOT>DRIFTED REVOKED>REVOKED
      STAGED       ALREADY_THERE>COMMITTED FELL_BACK>ROLLED_BACK QUEUED>WAIT_LEASE STAGING_FAILED>STAGE_FAILED RECALLED>IDLE WRONG_SLOT>DRIFTED REVOKED>REVOKED
      WAIT_LEASE   ALREADY_THERE>COMMITTED FELL_BACK>ROLLED_BACK GO>SWITCHING TURN_MISSED>REFUSED STAGING_FAILED>STAGE_FAILED RECALLED>IDLE WRONG_SLOT>DRIFTED REVOKED>REVOKED
      SWITCHING    REBOOTED>SWITCHING NEW_OS>TRIAL_BOOTED FELL_BACK>ROLLED_BACK STAYED>REFUSED WRONG_SLOT>DRIFTED SILENT>LOST UNPROVED>DRIFTED REVOKED>REVOKED
      TRIAL_BOOTED CHECKS_BEGAN>CHECKING PROVED>COMMITTED COLD_CHECK>SWITCHING FELL_BACK>ROLLED_BACK WRONG_SLOT>DRIFTED SILENT>LOST UNPROVED>DRIFTED REVOKED>REVOKED
      CHECKING     PROVED>COMMITTED COLD_CHECK>SWITCHING FELL_BACK>ROLLED_BACK WRONG_SLOT>DRIFTED SILENT>LOST UNPROVED>DRIFTED REVOKED>REVOKED
      COMMITTED    PROVED_COLD>COMMITTED FELL_BACK>ROLLED_BACK WRONG_SLOT>DRIFTED TAKEN_BACK>OFFERED REVOKED>REVOKED
      STAGE_FAILED WRONG_SLOT>DRIFTED TAKEN_BACK>OFFERED REVOKED>REVOKED
      REFUSED      WRONG_SLOT>DRIFTED TAKEN_BACK>OFFERED REVOKED>REVOKED
      ROLLED_BACK  WRONG_SLOT>DRIFTED TAKEN_BACK>OFFERED REVOKED>REVOKED
      LOST         NEW_OS>TRIAL_BOOTED FELL_BACK>ROLLED_BACK STAYED>REFUSED WRONG_SLOT>DRIFTED CLEARED>IDLE REVOKED>REVOKED
      QUARANTINED  CLEARED>IDLE REVOKED>REVOKED
      DRIFTED      TAKEN_BACK>OFFERED CLEARED>IDLE REVOKED>REVOKED
      REVOKED
      """;

  private static final String ROLLOUTS =
      """
      RUNNING      PAUSE>PAUSED ROLL_BACK>ROLLING_BACK WAVE_PASSED>RUNNING LIMIT_EXCEEDED>HALTED ALL_SETTLED>SUCCEEDED
      PAUSED       RESUME>RUNNING ROLL_BACK>ROLLING_BACK CANCEL>CANCELLED LIMIT_EXCEEDED>HALTED
      HALTED       ROLL_BACK>ROLLING_BACK CANCEL>CANCELLED
      ROLLING_BACK CANCEL>CANCELLED ALL_BACK>ROLLED_BACK BACK_FAILED>HALTED
      ROLLED_BACK
      SUCCEEDED    ROLL_BACK>ROLLING_BACK
      CANCELLED
      """;

  static Stream<Arguments> hostPairs() {
    Map<String, String> allowed = read(HOSTS);
    return Arrays.stream(HostState.values())
        .flatMap(
            state ->
                Arrays.stream(HostSignal.values())
                    .map(
                        signal ->
                            Arguments.of(
                                state,
                                signal,
                                Optional.ofNullable(allowed.get(state + " " + signal))
                                    .map(HostState::valueOf))));
  }

  static Stream<Arguments> rolloutPairs() {
    Map<String, String> allowed = read(ROLLOUTS);
    return Arrays.stream(RolloutState.values())
        .flatMap(
            state ->
                Arrays.stream(RolloutSignal.values())
                    .map(
                        signal ->
                            Arguments.of(
                                state,
                                signal,
                                Optional.ofNullable(allowed.get(state + " " + signal))
                                    .map(RolloutState::valueOf))));
  }

  @ParameterizedTest
  @MethodSource("hostPairs")
  void aHostMovesOnlyAsItsStateAllows(
      HostState state, HostSignal signal, Optional<HostState> expected) {
    assertThat(HostTransitions.next(state, signal)).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("rolloutPairs")
  void aRolloutMovesOnlyAsItsStateAllows(
      RolloutState state, RolloutSignal signal, Optional<RolloutState> expected) {
    assertThat(RolloutTransitions.next(state, signal)).isEqualTo(expected);
  }

  @Test
  void everyStateHasALineAndEverySignalIsUsed() {
    assertThat(HOSTS.lines().map(line -> line.split(" ", -1)[0]))
        .containsExactlyInAnyOrder(names(HostState.values()));
    assertThat(read(HOSTS).keySet().stream().map(key -> key.split(" ", -1)[1]).distinct())
        .containsExactlyInAnyOrder(names(HostSignal.values()));
    assertThat(ROLLOUTS.lines().map(line -> line.split(" ", -1)[0]))
        .containsExactlyInAnyOrder(names(RolloutState.values()));
    assertThat(read(ROLLOUTS).keySet().stream().map(key -> key.split(" ", -1)[1]).distinct())
        .containsExactlyInAnyOrder(names(RolloutSignal.values()));
  }

  private static String[] names(Enum<?>[] values) {
    return Arrays.stream(values).map(Enum::name).toArray(String[]::new);
  }

  private static Map<String, String> read(String table) {
    var allowed = new HashMap<String, String>();
    for (String line : table.lines().toList()) {
      String[] words = line.trim().split("\\s+", -1);
      for (int i = 1; i < words.length; i++) {
        String[] pair = words[i].split(">", -1);
        allowed.put(words[0] + " " + pair[0], pair[1]);
      }
    }
    return allowed;
  }
}
