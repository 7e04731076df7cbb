package dev.slipway.controller.progress;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;

/** Two lines for each step, for logs: one when it begins, one when it has ended. */
public final class PlainLines implements ProgressView {
  private final PrintWriter out;

  public PlainLines(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void began(Step step) {
    out.println(step.name() + " ...");
    out.flush();
  }

  @Override
  public void ticked(List<Step> running, long nanoTime) {
    // A log has no use for a line every quarter of a second.
  }

  @Override
  public void finished(FinishedStep step) {
    out.println(line(step));
    out.flush();
  }

  @Override
  public void said(String line) {
    out.println("  " + line);
    out.flush();
  }

  @Override
  public void ended(List<FinishedStep> steps, Duration took) {
    TimeTable.lines(steps, took).forEach(out::println);
    out.flush();
  }

  static String line(FinishedStep step) {
    String line = step.name() + ": " + Amounts.seconds(step.took());
    if (step.bytes() == 0) {
      return line;
    }
    line += ", " + Amounts.size(step.bytes());
    long millis = step.took().toMillis();
    return millis == 0 ? line : line + ", " + Amounts.rate(step.bytes() * 1000 / millis);
  }
}
