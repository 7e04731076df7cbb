package dev.slipway.controller.fleet.engine;

import java.util.List;
import java.util.Optional;

/**
 * The result of one step of the engine.
 *
 * @param state after it
 * @param effects in order
 */
public record Step(State state, List<Effect> effects) {
  /** Copies the list. */
  public Step {
    effects = List.copyOf(effects);
  }

  /** Why nothing was done, if the event was not allowed. */
  public Optional<Effect.Refused> refusal() {
    return effects.stream()
        .filter(Effect.Refused.class::isInstance)
        .map(Effect.Refused.class::cast)
        .findFirst();
  }
}
