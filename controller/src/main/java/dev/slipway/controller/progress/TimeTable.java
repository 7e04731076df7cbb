package dev.slipway.controller.progress;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Where the time went: a line for each step, with the longest one marked, and one for all. */
final class TimeTable {
  private TimeTable() {}

  /**
   * The lines.
   *
   * @param steps in the order in which they are told
   * @param took all of it; less than the steps together where some ran at once
   */
  static List<String> lines(List<FinishedStep> steps, Duration took) {
    List<String> lines = new ArrayList<>();
    if (steps.size() > 1) {
      Optional<FinishedStep> longest = steps.stream().max(Comparator.comparing(FinishedStep::took));
      lines.add("Time of each step:");
      for (FinishedStep step : steps) {
        lines.add(
            String.format(Locale.ROOT, "%12s  %s", Amounts.seconds(step.took()), step.name())
                + (longest.filter(step::equals).isPresent() ? "  <- the longest" : ""));
      }
    }
    lines.add("In all: " + Amounts.seconds(took));
    return lines;
  }
}
