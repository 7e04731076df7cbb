package dev.slipway.controller.goldendisk;

import dev.slipway.linux.OperatorError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Does pieces of a build side by side. The first that fails stops the others, and its error is the
 * one that counts.
 */
final class ParallelWork {
  /** On a single processor, too, two are faster: one waits for a disk or an Engine meanwhile. */
  private static final int FEWEST = 2;

  /** Each has an initrd being made in memory, and writes to the same disk. */
  private static final int MOST = 4;

  private final Cancellation cancellation;

  ParallelWork(Cancellation cancellation) {
    this.cancellation = cancellation;
  }

  /**
   * Does all of it.
   *
   * @return the results in the order of the pieces; when this returns or throws, no piece is still
   *     at work
   */
  <T> List<T> run(List<Callable<T>> pieces) {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    ExecutorService threads = Executors.newFixedThreadPool(threads());
    try {
      List<Future<T>> running = new ArrayList<>();
      for (Callable<T> piece : pieces) {
        running.add(
            threads.submit(
                () -> {
                  try {
                    cancellation.check();
                    return piece.call();
                  } catch (Exception | Error e) {
                    failure.compareAndSet(null, e);
                    cancellation.cancel();
                    throw e;
                  }
                }));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : running) {
        waitFor(future).ifPresent(results::add);
      }
      Throwable failed = failure.get();
      if (failed instanceof RuntimeException known) {
        throw known;
      }
      if (failed instanceof Error broken) {
        throw broken;
      }
      if (failed != null) {
        throw new OperatorError("The build failed: " + failed.getMessage(), failed);
      }
      return results;
    } finally {
      threads.shutdown();
    }
  }

  private static int threads() {
    return Math.max(FEWEST, Math.min(MOST, Runtime.getRuntime().availableProcessors()));
  }

  /** Its result; empty when it failed, which is told elsewhere. */
  private static <T> Optional<T> waitFor(Future<T> future) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return Optional.of(future.get());
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          return Optional.empty();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
