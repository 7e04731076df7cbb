package dev.slipway.controller.goldendisk;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Runs the steps of a build and tells an operator which one is at work and how long each took.
 * Several threads may use it at once.
 */
final class BuildSteps {
  private static final double MILLIS = 1000.0;

  private final PrintWriter out;
  private final Cancellation cancellation;

  BuildSteps(PrintWriter out, Cancellation cancellation) {
    this.out = out;
    this.cancellation = cancellation;
  }

  /**
   * Runs a step, unless the build shall stop. A step that fails has no second line: its error says
   * what happened.
   *
   * @param what such as {@code slot1: make xfs}
   */
  <T> T run(String what, Supplier<T> work) {
    cancellation.check();
    out.println(what + " ...");
    long start = System.nanoTime();
    T result = work.get();
    long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    out.printf(Locale.ROOT, "%s: %.1f s%n", what, took / MILLIS);
    return result;
  }

  /** Runs a step without a result. */
  void run(String what, Runnable work) {
    Boolean done =
        run(
            what,
            () -> {
              work.run();
              return true;
            });
    assert done;
  }
}
