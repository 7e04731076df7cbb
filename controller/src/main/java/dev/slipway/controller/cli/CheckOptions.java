package dev.slipway.controller.cli;

import dev.slipway.controller.osimage.CheckChoice;
import java.util.Set;
import picocli.CommandLine.Option;

/** Which checks images are put to before they become operating systems. */
final class CheckOptions {
  @Option(names = "--no-fix", description = "Refuse an image that needs a mend, and mend nothing.")
  private boolean noFix;

  @Option(
      names = "--check-off",
      paramLabel = "CHECK",
      split = ",",
      converter = CheckName.class,
      description = "Leave these checks out, by their names in 'controller image check'.")
  private Set<String> off = Set.of();

  /** What was chosen. */
  CheckChoice choice() {
    return new CheckChoice(!noFix, off);
  }
}
