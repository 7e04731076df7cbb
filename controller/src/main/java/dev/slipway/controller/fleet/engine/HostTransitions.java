package dev.slipway.controller.fleet.engine;

import static dev.slipway.controller.fleet.engine.HostSignal.*;
import static dev.slipway.controller.fleet.engine.HostState.CHECKING;
import static dev.slipway.controller.fleet.engine.HostState.COMMITTED;
import static dev.slipway.controller.fleet.engine.HostState.DRIFTED;
import static dev.slipway.controller.fleet.engine.HostState.IDLE;
import static dev.slipway.controller.fleet.engine.HostState.LOST;
import static dev.slipway.controller.fleet.engine.HostState.OFFERED;
import static dev.slipway.controller.fleet.engine.HostState.QUARANTINED;
import static dev.slipway.controller.fleet.engine.HostState.REFUSED;
import static dev.slipway.controller.fleet.engine.HostState.ROLLED_BACK;
import static dev.slipway.controller.fleet.engine.HostState.STAGE_FAILED;
import static dev.slipway.controller.fleet.engine.HostState.STAGING;
import static dev.slipway.controller.fleet.engine.HostState.SWITCHING;
import static dev.slipway.controller.fleet.engine.HostState.TRIAL_BOOTED;
import static dev.slipway.controller.fleet.engine.HostState.WAIT_LEASE;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;

/**
 * The table of what moves a host from which state to which; a pair that is not in it moves nothing.
 * Guards and effects are in {@link Members}.
 */
public final class HostTransitions {
  private static final Map<HostState, Map<HostSignal, HostState>> TABLE = table();

  private HostTransitions() {}

  /** Where a signal leads from a state, if it leads anywhere. */
  public static Optional<HostState> next(HostState state, HostSignal signal) {
    return Optional.ofNullable(TABLE.getOrDefault(state, Map.of()).get(signal));
  }

  private static Map<HostState, Map<HostSignal, HostState>> table() {
    var table = new EnumMap<HostState, Map<HostSignal, HostState>>(HostState.class);
    // H1; H25: a verdict blocks the pair of host and release, not the host.
    row(table, ADMITTED, OFFERED, IDLE);
    row(table, ALREADY_THERE, COMMITTED, IDLE);
    row(table, ALREADY_THERE, COMMITTED, OFFERED, STAGING, HostState.STAGED, WAIT_LEASE);
    row(table, BLOCKED, QUARANTINED, IDLE);
    row(table, NO_WAY_BACK, REFUSED, IDLE);
    // H2 to H6
    row(table, STAGING_BEGAN, STAGING, OFFERED);
    row(table, HostSignal.STAGED, HostState.STAGED, OFFERED, STAGING);
    row(table, STAGING_FAILED, STAGE_FAILED, OFFERED, STAGING, HostState.STAGED, WAIT_LEASE);
    row(table, STAGING_OVERDUE, STAGE_FAILED, OFFERED, STAGING);
    // H7, H8 to H11, H24
    row(table, QUEUED, WAIT_LEASE, HostState.STAGED);
    row(table, GO, SWITCHING, WAIT_LEASE);
    row(table, TURN_MISSED, REFUSED, WAIT_LEASE);
    row(table, REBOOTED, SWITCHING, SWITCHING);
    row(table, RECALLED, IDLE, OFFERED, STAGING, HostState.STAGED, WAIT_LEASE);
    // H13, H17, H18
    row(table, NEW_OS, TRIAL_BOOTED, SWITCHING, LOST);
    row(table, CHECKS_BEGAN, CHECKING, TRIAL_BOOTED);
    // H21, H22
    row(table, PROVED, COMMITTED, TRIAL_BOOTED, CHECKING);
    row(table, COLD_CHECK, SWITCHING, TRIAL_BOOTED, CHECKING);
    row(table, PROVED_COLD, COMMITTED, COMMITTED);
    // H14, H17, H20, H23
    row(table, FELL_BACK, ROLLED_BACK, SWITCHING, TRIAL_BOOTED, CHECKING, LOST, COMMITTED);
    // written off, offered the release again, and heard to have tried it in the meantime
    row(table, FELL_BACK, ROLLED_BACK, OFFERED, STAGING, HostState.STAGED, WAIT_LEASE);
    // H15, H17
    row(table, STAYED, REFUSED, SWITCHING, LOST);
    // H14, H17, H27
    row(table, WRONG_SLOT, DRIFTED, OFFERED, STAGING, HostState.STAGED, WAIT_LEASE);
    row(table, WRONG_SLOT, DRIFTED, SWITCHING, TRIAL_BOOTED, CHECKING, LOST);
    row(table, WRONG_SLOT, DRIFTED, COMMITTED, STAGE_FAILED, REFUSED, ROLLED_BACK);
    // H16, and its talkative sister: what is heard and proves nothing is not lost
    row(table, UNPROVED, DRIFTED, SWITCHING, TRIAL_BOOTED, CHECKING);
    row(table, SILENT, LOST, SWITCHING, TRIAL_BOOTED, CHECKING);
    // R13, and again after a way back that failed; IDLE after H26 or H28
    row(table, TAKEN_BACK, OFFERED, COMMITTED, DRIFTED, ROLLED_BACK, REFUSED, STAGE_FAILED, IDLE);
    row(table, TAKEN_BACK, OFFERED, OFFERED);
    // H26, H28
    row(table, CLEARED, IDLE, QUARANTINED, LOST, DRIFTED);
    for (HostState state : EnumSet.complementOf(EnumSet.of(HostState.REVOKED))) {
      row(table, HostSignal.REVOKED, HostState.REVOKED, state);
    }
    return table;
  }

  private static void row(
      Map<HostState, Map<HostSignal, HostState>> table,
      HostSignal signal,
      HostState to,
      HostState... from) {
    for (HostState state : from) {
      HostState before =
          table.computeIfAbsent(state, s -> new EnumMap<>(HostSignal.class)).put(signal, to);
      if (before != null) {
        throw new IllegalStateException(state + " has two rows for " + signal);
      }
    }
  }
}
