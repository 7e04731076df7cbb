package dev.slipway.agent.switching;

import dev.slipway.agent.slots.Roots;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What slipway-trial-deadline.service, which reboots a trial that comes to no verdict, is told: by
 * files that last as long as the boot.
 */
final class TrialDeadline {
  private final Roots roots;

  TrialDeadline(Roots roots) {
    this.roots = roots;
  }

  /** The checks have passed; the verdict is about to be written down. */
  void suspend() {
    make(roots.trialJudged());
  }

  /** Nobody is writing a verdict down any more: what was not lifted counts again. */
  void resume() {
    try {
      Files.deleteIfExists(roots.trialJudged());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The verdict is safe, or there is no trial: this boot needs no deadline. */
  void lift() {
    make(roots.trialPassed());
  }

  boolean isLifted() {
    return Files.exists(roots.trialPassed());
  }

  private static void make(Path file) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
