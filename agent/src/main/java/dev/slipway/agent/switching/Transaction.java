package dev.slipway.agent.switching;

import dev.slipway.agent.switching.Event.Stage;
import dev.slipway.agent.switching.Event.Way;
import java.util.List;
import java.util.Optional;

/** One switch as the journal tells it: its order, and what happened since. */
public record Transaction(Event.SwitchOrdered order, List<Event> events) {

  public Transaction {
    events = List.copyOf(events);
  }

  public String id() {
    return order.transaction();
  }

  /** The slot it goes to. */
  public String to() {
    return order.to();
  }

  /** Whether its first boot is one through the firmware. */
  public boolean cold() {
    return order.way() == Way.COLD || has(Event.FellBackToCold.class);
  }

  public boolean has(Class<? extends Event> kind) {
    return events.stream().anyMatch(kind::isInstance);
  }

  public Optional<Event.Ending> ending() {
    return last(Event.Ending.class);
  }

  /** The newest verdict at that stage. */
  public Optional<Event.Judged> judged(Stage stage) {
    return events.stream()
        .filter(Event.Judged.class::isInstance)
        .map(Event.Judged.class::cast)
        .filter(verdict -> verdict.stage() == stage)
        .reduce((earlier, later) -> later);
  }

  /** The newest event of a kind. */
  public <E extends Event> Optional<E> last(Class<E> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).reduce((a, b) -> b);
  }

  /** Whether the new slot's agent was up in that boot. */
  public boolean upIn(String bootId) {
    return events.stream()
        .anyMatch(event -> event instanceof Event.TrialUp up && up.bootId().equals(bootId));
  }

  /** Whether it says that the jump was made and the old system got as far as it can report. */
  boolean leftTheOldSystem() {
    return last(Event.Jumping.class)
        .map(jumping -> !jumping.farewellDue() || has(Event.Farewell.class))
        .orElse(false);
  }
}
