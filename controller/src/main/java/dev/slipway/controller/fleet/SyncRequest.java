package dev.slipway.controller.fleet;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.slipway.controller.fleet.engine.CheckReport;
import dev.slipway.controller.fleet.engine.Failure;
import dev.slipway.controller.fleet.engine.Report;
import dev.slipway.controller.fleet.engine.SlotReport;
import dev.slipway.release.Phase;
import dev.slipway.release.Proof;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A host's report as it travels. Fields that a later agent adds are ignored; see {@link Report} for
 * what they mean. Absent texts count as empty; without {@code bootId}, {@code seq}, {@code
 * generation} or {@code phase}, or with a running slot that is none of its slots, a report is worth
 * nothing and is refused.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record SyncRequest(
    Optional<Long> seq,
    Optional<String> bootId,
    Optional<Long> generation,
    Optional<String> runningSlot,
    Optional<String> mode,
    Optional<String> why,
    Optional<String> transaction,
    Optional<String> defaultSlot,
    Optional<String> trySlot,
    Optional<List<Slot>> slots,
    Optional<String> phase,
    Optional<String> proof,
    Optional<Problem> failure,
    Optional<List<Check>> checks,
    Optional<String> agentVersion,
    Optional<String> name) {
  private static final int MOST_ENTRIES = 64;
  private static final int LONGEST_TEXT = 2000;

  /** One slot. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Slot(
      Optional<String> name,
      Optional<String> state,
      Optional<String> digest,
      Optional<String> release) {}

  /** Why the last thing asked did not work. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Problem(Optional<String> phase, Optional<String> reason, Optional<String> digest) {}

  /** One check. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Check(Optional<String> name, Optional<String> outcome, Optional<String> reason) {}

  /**
   * What it says.
   *
   * @throws FleetRefused when something is missing or is no report
   */
  Report report() {
    Report report = asSaid();
    if (report.running().isEmpty()) {
      throw FleetRefused.badRequest(
          "The report says that slot '"
              + report.runningSlot()
              + "' runs, and lists "
              + (report.slots().isEmpty() ? "no slots." : "only " + names(report.slots()) + "."));
    }
    return report;
  }

  private Report asSaid() {
    return new Report(
        required(seq, "seq"),
        text(required(bootId, "bootId")),
        required(generation, "generation"),
        text(runningSlot),
        text(mode),
        text(why),
        text(transaction),
        text(defaultSlot),
        text(trySlot),
        few(slots, "slots").stream()
            .map(
                slot ->
                    new SlotReport(
                        text(slot.name()),
                        text(slot.state()),
                        text(slot.digest()),
                        text(slot.release())))
            .toList(),
        known(Phase::of, required(phase, "phase"), "phase"),
        known(Proof::of, proof.orElse("none"), "proof"),
        failure.map(f -> new Failure(text(f.phase()), text(f.reason()), text(f.digest()))),
        few(checks, "checks").stream()
            .map(
                check ->
                    new CheckReport(
                        text(check.name()), text(check.outcome()), text(check.reason())))
            .toList(),
        text(agentVersion));
  }

  private static String names(List<SlotReport> slots) {
    return slots.stream().map(SlotReport::name).collect(Collectors.joining(", "));
  }

  private static <T> T required(Optional<T> field, String name) {
    return field.orElseThrow(() -> FleetRefused.badRequest("The report has no '" + name + "'."));
  }

  private static String text(Optional<String> field) {
    return text(field.orElse(""));
  }

  private static String text(String field) {
    return field.length() <= LONGEST_TEXT ? field : field.substring(0, LONGEST_TEXT);
  }

  private static <T> List<T> few(Optional<List<T>> field, String name) {
    List<T> entries = field.orElse(List.of());
    if (entries.size() > MOST_ENTRIES || entries.stream().anyMatch(entry -> entry == null)) {
      throw FleetRefused.badRequest(
          "The report has more than " + MOST_ENTRIES + " '" + name + "', or an empty one.");
    }
    return entries;
  }

  private static <T> T known(Function<String, Optional<T>> words, String text, String name) {
    return words
        .apply(text)
        .orElseThrow(
            () ->
                FleetRefused.badRequest(
                    "The report's '" + name + "' is '" + text + "', which is none that is known."));
  }
}
