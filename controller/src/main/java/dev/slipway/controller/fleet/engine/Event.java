package dev.slipway.controller.fleet.engine;

import java.time.Instant;
import java.util.List;
import java.util.SortedMap;

/** What the engine is told. */
public sealed interface Event {
  /** A host joined, or joined again with other labels. */
  record HostEnrolled(HostId host, String name, SortedMap<String, String> labels)
      implements Event {}

  /** A host spoke. */
  record HostSynced(HostId host, Report report) implements Event {}

  /** A person starts a rollout over these hosts, wave by wave. */
  record RolloutStarted(Plan plan, List<List<HostId>> waves) implements Event {
    /** Holds the plan to its waves. */
    public RolloutStarted {
      waves = waves.stream().map(List::copyOf).toList();
      if (waves.size() != plan.waves() || waves.stream().anyMatch(List::isEmpty)) {
        throw new IllegalArgumentException("the waves are not those of the plan");
      }
    }
  }

  /** A person orders something of a rollout: PAUSE, RESUME, ROLL_BACK or CANCEL. */
  record RolloutOrdered(RolloutId rollout, RolloutSignal order, String actor, String reason)
      implements Event {}

  /** A person clears what is held against a host and a release, or writes the host off. */
  record HostCleared(HostId host, String actor, String reason) implements Event {}

  /**
   * A person took a host's certificate back: it is never heard again.
   *
   * @param name what it is called from now on
   */
  record HostRevoked(HostId host, String name) implements Event {}

  /** Time passed. */
  record TimePassed() implements Event {}

  /** The controller is back. While it was away nobody could be heard, so no deadline ran. */
  record ControllerStarted(Instant lastAlive) implements Event {}
}
