package dev.slipway.controller.progress;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Timer;
import java.util.TimerTask;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Runs the steps of some work and tells which are at it and how long each took. Several threads may
 * use it at once. Closed when the work is over.
 */
public final class Progress implements AutoCloseable {
  private static final int TICK_MILLIS = 250;

  private final ProgressView view;
  private final Runnable mayGoOn;
  private final Timer clock = new Timer("progress", true);
  private final List<Step> running = new ArrayList<>();
  private final List<FinishedStep> finished = new ArrayList<>();
  private final long start = System.nanoTime();

  /**
   * @param mayGoOn throws when the work shall not go on; asked before each step, and in those whose
   *     bytes are counted at each count
   */
  public Progress(ProgressView view, Runnable mayGoOn) {
    this.view = view;
    this.mayGoOn = mayGoOn;
    clock.schedule(
        new TimerTask() {
          @Override
          public void run() {
            try {
              tick();
            } catch (OutOfMemoryError e) {
              // Whatever took the memory fails by itself, with more to say; the next tick may do.
            }
          }
        },
        TICK_MILLIS,
        TICK_MILLIS);
  }

  /**
   * Runs a step. One that fails is not told as finished: its error says what happened.
   *
   * @param what such as {@code slot1: make xfs}
   */
  public <T> T run(String what, Supplier<T> work) {
    return run(what, OptionalLong.empty(), step -> work.get());
  }

  /** Runs a step without a result. */
  public void run(String what, Runnable work) {
    Boolean done =
        run(
            what,
            () -> {
              work.run();
              return true;
            });
    assert done;
  }

  /** Runs a step without a result whose bytes are counted. */
  public void runCounted(String what, OptionalLong total, Consumer<Step> work) {
    Boolean done =
        run(
            what,
            total,
            step -> {
              work.accept(step);
              return true;
            });
    assert done;
  }

  /**
   * Runs a step whose bytes are counted.
   *
   * @param total how many there will be, about; empty when nobody knows
   * @param work tells the step what is done
   */
  public <T> T run(String what, OptionalLong total, Function<Step, T> work) {
    mayGoOn.run();
    Step step = new Step(what, total, mayGoOn, System.nanoTime());
    begin(step);
    boolean good = false;
    try {
      T result = work.apply(step);
      good = true;
      return result;
    } finally {
      end(step, good);
    }
  }

  private synchronized void begin(Step step) {
    running.add(step);
    view.began(step);
  }

  private synchronized void end(Step step, boolean good) {
    running.remove(step);
    if (good) {
      FinishedStep ended = new FinishedStep(step.name(), step.took(System.nanoTime()), step.done());
      finished.add(ended);
      view.finished(ended);
    }
  }

  private synchronized void tick() {
    if (!running.isEmpty()) {
      view.ticked(List.copyOf(running), System.nanoTime());
    }
  }

  @Override
  public void close() {
    clock.cancel();
    synchronized (this) {
      running.clear();
      view.ended(List.copyOf(finished), Duration.ofNanos(System.nanoTime() - start));
    }
  }
}
