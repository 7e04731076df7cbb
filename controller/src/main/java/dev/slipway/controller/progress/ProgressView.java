package dev.slipway.controller.progress;

import java.time.Duration;
import java.util.List;

/** Shows the steps of some work to somebody. Calls come one at a time. */
public sealed interface ProgressView permits PlainLines, StatusLine, JsonLines {
  /** A step begins. */
  void began(Step step);

  /**
   * Some time has passed.
   *
   * @param running in the order in which they began; never empty
   */
  void ticked(List<Step> running, long nanoTime);

  /** A step has ended well. */
  void finished(FinishedStep step);

  /** A program that is at work says something: a line. This may come from any thread, any time. */
  void said(String line);

  /**
   * The work is over, well or not; nothing more comes.
   *
   * @param steps those that ended well, in the order in which they ended
   */
  void ended(List<FinishedStep> steps, Duration took);
}
