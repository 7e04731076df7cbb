package dev.slipway.agent.flash;

import dev.slipway.agent.slots.Slot;
import dev.slipway.agent.switching.Conclusion;
import dev.slipway.agent.switching.Rollback;
import dev.slipway.agent.switching.ThisHost;
import dev.slipway.linux.OperatorError;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Which slots of a host may be written now, and which of them to take. */
public final class WritableSlots {
  private final ThisHost host;
  private final Conclusion now;

  /**
   * @param now where the host stands
   */
  public WritableSlots(ThisHost host, Conclusion now) {
    this.host = host;
    this.now = now;
  }

  /** Their names, in the order of the disk. */
  public List<String> names() {
    return host.disk().slots().stream()
        .map(Slot::name)
        .filter(name -> keptFor(name).isEmpty())
        .toList();
  }

  /**
   * The slot to stage a release to. The one that a rollback would go to is taken last, because the
   * way back ends with it; of the others an empty one first.
   *
   * @param progress told when the way back is given up, and why
   * @throws OperatorError (refused) when there is none, saying what each slot is kept for
   */
  public String forStaging(Consumer<String> progress) {
    Optional<String> wayBack = Rollback.target(host, now);
    String chosen =
        names().stream()
            .min(
                Comparator.comparing((String name) -> wayBack.filter(name::equals).isPresent())
                    .thenComparing(this::holdsSomething))
            .orElseThrow(
                () ->
                    OperatorError.refused(
                        "No slot of this host can be written now: %s. A boot through the firmware, another commit policy or a third slot frees one."
                            .formatted(kept())));
    if (wayBack.filter(chosen::equals).isPresent()) {
      progress.accept(
          "Slot %s is written although a rollback would go to it: no other slot is free (%s). With one slot more it could stay."
              .formatted(chosen, kept()));
    }
    return chosen;
  }

  private boolean holdsSomething(String name) {
    try {
      return host.records().read(name).ready().isPresent();
    } catch (OperatorError damaged) {
      // What is in it cannot be switched to.
      return false;
    }
  }

  /** Why a slot may not be written. */
  private Optional<String> keptFor(String name) {
    if (name.equals(host.disk().boot().slot())) {
      return Optional.of("runs");
    }
    if (name.equals(now.environment().defaultSlot())) {
      return Optional.of("is the default");
    }
    return now.environment()
        .trial()
        .filter(trial -> trial.slot().equals(name))
        .map(trial -> "has its cold trial before it");
  }

  private String kept() {
    return host.disk().slots().stream()
        .map(Slot::name)
        .flatMap(name -> keptFor(name).map(why -> "slot " + name + " " + why).stream())
        .collect(Collectors.joining(", "));
  }
}
