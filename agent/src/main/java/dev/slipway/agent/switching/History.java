package dev.slipway.agent.switching;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The journal's events put together: every switch, and the newest flash of every slot. */
public final class History {
  private final List<Event> events;
  private final Map<String, Transaction> switches = new LinkedHashMap<>();

  private History(List<Event> events) {
    this.events = List.copyOf(events);
    Map<String, List<Event>> after = new LinkedHashMap<>();
    Map<String, Event.SwitchOrdered> orders = new LinkedHashMap<>();
    for (Event event : events) {
      if (event instanceof Event.SwitchOrdered order) {
        orders.putIfAbsent(order.transaction(), order);
      }
      after.computeIfAbsent(event.transaction(), id -> new ArrayList<>()).add(event);
    }
    orders.forEach((id, order) -> switches.put(id, new Transaction(order, after.get(id))));
  }

  public static History of(List<Event> events) {
    return new History(events);
  }

  /** All switches, oldest first. */
  public List<Transaction> switches() {
    return List.copyOf(switches.values());
  }

  public Optional<Transaction> switchCalled(String id) {
    return Optional.ofNullable(switches.get(id));
  }

  /** The newest switch. */
  public Optional<Transaction> newest() {
    return switches.values().stream().reduce((a, b) -> b);
  }

  /** Switches without an ending, oldest first. */
  public List<Transaction> open() {
    return switches.values().stream().filter(each -> each.ending().isEmpty()).toList();
  }

  /** Flashes that neither succeeded nor failed, by their first event, oldest first. */
  public List<Event.StagingStarted> unfinishedFlashes() {
    List<Event.StagingStarted> started = new ArrayList<>();
    for (Event event : events) {
      if (event instanceof Event.StagingStarted start) {
        started.add(start);
      } else if (event instanceof Event.Staged || event instanceof Event.StagingFailed) {
        started.removeIf(each -> each.transaction().equals(event.transaction()));
      }
    }
    return List.copyOf(started);
  }

  /** Whether a flash got as far as having written everything. */
  public boolean written(Event.StagingStarted flash) {
    return events.stream()
        .anyMatch(
            event ->
                event instanceof Event.StagingWritten
                    && event.transaction().equals(flash.transaction()));
  }

  /** The newest event about flashing or switching that decides what to call the host's phase. */
  public Optional<Event> newestOf(List<Class<? extends Event>> kinds) {
    return events.stream()
        .filter(event -> kinds.stream().anyMatch(kind -> kind.isInstance(event)))
        .reduce((a, b) -> b);
  }

  /** The slot that was made the default last; empty while the disk's first default holds. */
  public Optional<String> lastDefault() {
    return defaults().stream().reduce((a, b) -> b);
  }

  /**
   * The slot that was the default before the present one and still holds what it held then.
   *
   * @param present the default slot now
   */
  public Optional<String> defaultBefore(String present) {
    return defaults().stream().filter(slot -> !slot.equals(present)).reduce((a, b) -> b);
  }

  /** Slots that were the default, oldest first, without those that were overwritten since. */
  private List<String> defaults() {
    List<String> defaults = new ArrayList<>();
    for (Event event : events) {
      if (event instanceof Event.Committed committed) {
        defaults.add(committed.previous());
        defaults.add(committed.slot());
      } else if (event instanceof Event.RolledBack back) {
        switchCalled(back.transaction())
            .map(Transaction::order)
            .filter(order -> order.purpose() == Event.Purpose.RETURN)
            .ifPresent(order -> defaults.add(order.to()));
      } else if (event instanceof Event.StagingStarted flash) {
        defaults.removeIf(slot -> slot.equals(flash.slot()));
      }
    }
    return defaults;
  }

  /** Whether a note of that reason was made in that boot. */
  public boolean noted(String reason, String bootId) {
    return events.stream()
        .anyMatch(
            event ->
                event instanceof Event.Noted note
                    && note.bootId().equals(bootId)
                    && note.reason().equals(reason));
  }
}
