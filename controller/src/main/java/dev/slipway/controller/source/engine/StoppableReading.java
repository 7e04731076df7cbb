package dev.slipway.controller.source.engine;

import dev.slipway.linux.OperatorError;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * Waits for an engine in a way that an interrupt ends at once: who reads from a socket hears of
 * none, and an engine says nothing for long while it prepares a large image.
 */
final class StoppableReading {
  private StoppableReading() {}

  /**
   * Reads, in another thread.
   *
   * @param what is read, for messages
   * @param connection is closed when this thread is interrupted, so that the other one ends
   * @throws OperatorError when it was; the thread stays interrupted
   */
  static <T> T of(String what, Supplier<T> reading, Closeable connection) {
    FutureTask<T> task = new FutureTask<>(reading::get);
    Thread reader = new Thread(task, "read-from-engine");
    reader.setDaemon(true);
    reader.start();
    try {
      return task.get();
    } catch (InterruptedException e) {
      closeQuietly(connection);
      Thread.currentThread().interrupt();
      throw new OperatorError("Reading " + what + " from the Docker Engine was stopped.", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error broken) {
        throw broken;
      }
      // The reading throws nothing checked.
      throw (RuntimeException) e.getCause();
    }
  }

  private static void closeQuietly(Closeable connection) {
    try {
      connection.close();
    } catch (IOException e) {
      // Nobody wants anything more of it.
    }
  }
}
