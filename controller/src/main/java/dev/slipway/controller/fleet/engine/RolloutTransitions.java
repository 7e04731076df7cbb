package dev.slipway.controller.fleet.engine;

import static dev.slipway.controller.fleet.engine.RolloutSignal.*;
import static dev.slipway.controller.fleet.engine.RolloutState.*;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The table of what moves a rollout from which state to which; a pair that is not in it is refused
 * (an order) or cannot arise (the rest).
 */
public final class RolloutTransitions {
  /** What a person may order, in some state. */
  public static final List<RolloutSignal> ORDERS = List.of(PAUSE, RESUME, ROLL_BACK, CANCEL);

  private static final Map<RolloutState, Map<RolloutSignal, RolloutState>> TABLE = table();

  private RolloutTransitions() {}

  /** Where a signal leads from a state, if it leads anywhere. */
  public static Optional<RolloutState> next(RolloutState state, RolloutSignal signal) {
    return Optional.ofNullable(TABLE.getOrDefault(state, Map.of()).get(signal));
  }

  /** The orders that a person may give in a state. */
  public static List<RolloutSignal> allowedOrders(RolloutState state) {
    return ORDERS.stream().filter(order -> next(state, order).isPresent()).toList();
  }

  private static Map<RolloutState, Map<RolloutSignal, RolloutState>> table() {
    var table = new EnumMap<RolloutState, Map<RolloutSignal, RolloutState>>(RolloutState.class);
    row(table, WAVE_PASSED, RUNNING, RUNNING); // R8
    row(table, PAUSE, PAUSED, RUNNING); // R9
    row(table, RESUME, RUNNING, PAUSED); // R10; a halted one never resumes
    row(table, LIMIT_EXCEEDED, HALTED, RUNNING, PAUSED); // R11
    // R13, and from SUCCEEDED: what went out well may still have to come back.
    row(table, ROLL_BACK, ROLLING_BACK, RUNNING, PAUSED, HALTED, SUCCEEDED);
    row(table, ALL_BACK, ROLLED_BACK, ROLLING_BACK); // R14
    row(table, BACK_FAILED, HALTED, ROLLING_BACK); // R15
    row(table, ALL_SETTLED, SUCCEEDED, RUNNING); // R16
    // R17, and from ROLLING_BACK: else its hosts could be held for as long as one of them is.
    row(table, CANCEL, CANCELLED, PAUSED, HALTED, ROLLING_BACK);
    return table;
  }

  private static void row(
      Map<RolloutState, Map<RolloutSignal, RolloutState>> table,
      RolloutSignal signal,
      RolloutState to,
      RolloutState... from) {
    for (RolloutState state : from) {
      table.computeIfAbsent(state, s -> new EnumMap<>(RolloutSignal.class)).put(signal, to);
    }
  }
}
