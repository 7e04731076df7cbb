package dev.slipway.controller.progress;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * For a terminal: a line that says what is at work, and above it a line for each step that has
 * ended. Control sequences as in ECMA-48, and DECAWM of the VT100 against a line that wraps.
 */
public final class StatusLine implements ProgressView {
  private static final String START_AND_ERASE = "\r\u001b[K";
  private static final String NO_WRAP = "\u001b[?7l";
  private static final String WRAP = "\u001b[?7h";

  private final PrintWriter out;

  public StatusLine(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void began(Step step) {
    show(step.name() + " ...");
  }

  @Override
  public void ticked(List<Step> running, long nanoTime) {
    show(running.stream().map(step -> text(step, nanoTime)).collect(Collectors.joining("  |  ")));
  }

  private void show(String text) {
    out.print(START_AND_ERASE + NO_WRAP + text + WRAP);
    out.flush();
  }

  private static String text(Step step, long nanoTime) {
    if (step.done() == 0) {
      return step.name() + " " + Amounts.roughly(step.took(nanoTime).toSeconds());
    }
    StringBuilder text = new StringBuilder(step.name()).append(' ');
    text.append(Amounts.size(step.done()));
    // The total is an estimate: what has more than that is soon at its end.
    step.total().stream()
        .filter(total -> total > step.done())
        .forEach(total -> text.append(" of ").append(Amounts.size(total)));
    step.rate(nanoTime).ifPresent(rate -> text.append(", ").append(Amounts.rate(rate)));
    step.secondsLeft(nanoTime)
        .ifPresent(left -> text.append(", ").append(Amounts.roughly(left)).append(" left"));
    return text.toString();
  }

  @Override
  public void finished(FinishedStep step) {
    out.println(START_AND_ERASE + PlainLines.line(step));
    out.flush();
  }

  @Override
  public void said(String line) {
    out.println(START_AND_ERASE + "  " + line);
    out.flush();
  }

  @Override
  public void ended(List<FinishedStep> steps, Duration took) {
    out.print(START_AND_ERASE);
    TimeTable.lines(steps, took).forEach(out::println);
    out.flush();
  }
}
