package dev.slipway.controller.fleet;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.slipway.controller.fleet.engine.Desired;
import dev.slipway.controller.fleet.engine.Effect;
import dev.slipway.controller.fleet.engine.Engine;
import dev.slipway.controller.fleet.engine.Event;
import dev.slipway.controller.fleet.engine.Host;
import dev.slipway.controller.fleet.engine.HostId;
import dev.slipway.controller.fleet.engine.Plan;
import dev.slipway.controller.fleet.engine.Report;
import dev.slipway.controller.fleet.engine.Rollout;
import dev.slipway.controller.fleet.engine.RolloutId;
import dev.slipway.controller.fleet.engine.RolloutSignal;
import dev.slipway.controller.fleet.engine.State;
import dev.slipway.controller.fleet.engine.Step;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The fleet as it is now. Every event goes through here, one after another: the engine decides, the
 * decision is committed, and only then anybody is answered or sees it. A controller that dies in
 * between has said nothing that it does not remember.
 */
public final class Fleet {
  private final FleetStore store;
  private final Clock clock;
  private final FleetJson json = new FleetJson();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final Map<HostId, Instant> storedLastSeen = new HashMap<>();
  private volatile State state;

  private Fleet(FleetStore store, Clock clock, State state) {
    this.store = store;
    this.clock = clock;
    this.state = state;
  }

  /** Goes on where the last controller stopped; the time in between counts for no deadline. */
  public static Fleet open(FleetStore store, Clock clock) {
    var fleet = new Fleet(store, clock, store.load());
    store.lastAlive().ifPresent(at -> fleet.decide(new Event.ControllerStarted(at)));
    fleet.timePassed();
    return fleet;
  }

  /** The fleet at this moment. */
  public State state() {
    return state;
  }

  /** The controller's time, in milliseconds, as everything that is stored. */
  public Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /** Takes a host's report and says what it should run. */
  Desired sync(HostId host, Report report) {
    if (state.host(host).isEmpty()) {
      noteJoinedAndRevoked();
    }
    return decide(new Event.HostSynced(host, report)).host(host).orElseThrow().desired();
  }

  /** Starts a rollout over these hosts, wave by wave. */
  Rollout start(Plan plan, List<List<HostId>> waves) {
    State after = decide(new Event.RolloutStarted(plan, waves));
    return after.rollouts().lastEntry().getValue();
  }

  /** Orders something of a rollout. */
  Rollout order(RolloutId rollout, RolloutSignal order, String actor, String reason) {
    return decide(new Event.RolloutOrdered(rollout, order, actor, reason))
        .rollout(rollout)
        .orElseThrow();
  }

  /** Clears what is held against a host, or writes it off. */
  Host clear(HostId host, String actor, String reason) {
    return decide(new Event.HostCleared(host, actor, reason)).host(host).orElseThrow();
  }

  /** Lets time pass: deadlines fall due, hosts that have joined or were revoked are noted. */
  public void timePassed() {
    noteJoinedAndRevoked();
    decide(new Event.TimePassed());
    noteAlive();
  }

  /** Runs something whenever something has happened; it must be short. */
  void onChange(Runnable listener) {
    listeners.add(listener);
  }

  private synchronized void noteJoinedAndRevoked() {
    for (HostDao.Revoked revoked : store.revoked()) {
      decide(new Event.HostRevoked(new HostId(revoked.id()), revoked.name()));
    }
    for (HostDao.Joined joined : store.joined()) {
      TreeMap<String, String> labels =
          json.read(
              joined.labelsJson(), new TypeReference<>() {}, "the labels of " + joined.name());
      decide(new Event.HostEnrolled(new HostId(joined.id()), joined.name(), labels));
    }
  }

  private synchronized State decide(Event event) {
    Step step = Engine.step(state, event, now());
    step.refusal()
        .ifPresent(
            refused -> {
              throw FleetRefused.by(refused);
            });
    if (!step.effects().isEmpty()) {
      store.commit(step.effects());
    }
    state = step.state();
    if (step.effects().stream().anyMatch(Effect.Happened.class::isInstance)) {
      listeners.forEach(Runnable::run);
    }
    return state;
  }

  private synchronized void noteAlive() {
    List<Host> seen = new ArrayList<>();
    for (Host host : state.hosts().values()) {
      host.lastSeen()
          .filter(at -> !at.equals(storedLastSeen.get(host.id())))
          .ifPresent(
              at -> {
                storedLastSeen.put(host.id(), at);
                seen.add(host);
              });
    }
    store.alive(now(), seen);
  }
}
