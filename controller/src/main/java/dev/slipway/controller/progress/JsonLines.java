package dev.slipway.controller.progress;

import dev.slipway.json.Json;
import dev.slipway.json.JsonObject;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;

/**
 * A JSON object a line, for programs; docs/man/controller-disk.md says what is in it.
 *
 * <p>A step that counts bytes has a line about once a second.
 */
public final class JsonLines implements ProgressView {
  /** Of the ticks, which come four times a second. */
  private static final int EVERY = 4;

  private final PrintWriter out;
  private int ticks;

  public JsonLines(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void began(Step step) {
    print(event("began", step.name()));
  }

  @Override
  public void ticked(List<Step> running, long nanoTime) {
    ticks++;
    if (ticks % EVERY != 0) {
      return;
    }
    for (Step step : running) {
      if (step.done() > 0) {
        JsonObject moved =
            event("moved", step.name())
                .with("milliseconds", step.took(nanoTime).toMillis())
                .with("bytes", step.done());
        print(
            step.total().isPresent() ? moved.with("totalBytes", step.total().getAsLong()) : moved);
      }
    }
  }

  @Override
  public void finished(FinishedStep step) {
    print(told(JsonObject.EMPTY.with("event", "finished"), step));
  }

  @Override
  public void said(String line) {
    print(JsonObject.EMPTY.with("event", "said").with("line", line));
  }

  @Override
  public void ended(List<FinishedStep> steps, Duration took) {
    print(
        JsonObject.EMPTY
            .with("event", "ended")
            .with("milliseconds", took.toMillis())
            .with("steps", steps.stream().map(step -> told(JsonObject.EMPTY, step)).toList()));
  }

  private static JsonObject told(JsonObject start, FinishedStep step) {
    JsonObject told = start.with("step", step.name()).with("milliseconds", step.took().toMillis());
    return step.bytes() == 0 ? told : told.with("bytes", step.bytes());
  }

  private static JsonObject event(String event, String step) {
    return JsonObject.EMPTY.with("event", event).with("step", step);
  }

  private void print(Json line) {
    out.println(line.write());
    out.flush();
  }
}
