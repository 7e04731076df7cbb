package dev.slipway.controller.source.registry;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;

/** Counts the attempts that failed in a row, and waits between them. */
final class Attempts {
  private final Patience patience;
  private int failed;

  Attempts(Patience patience) {
    this.patience = patience;
  }

  /** Something came. */
  void succeeded() {
    failed = 0;
  }

  /**
   * After a failure: waits, longer each time and as long as the server asked for.
   *
   * @return whether to try again; false when there were enough attempts, or it asks for too long
   * @throws InterruptedIOException when the thread was interrupted
   */
  boolean again(IOException failure) throws InterruptedIOException {
    if (Thread.currentThread().isInterrupted()) {
      throw interrupted();
    }
    failed++;
    Duration wait = wait(failure);
    if (failed >= patience.attempts() || wait.compareTo(patience.longestWait()) > 0) {
      return false;
    }
    try {
      Thread.sleep(wait.toMillis());
      return true;
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private Duration wait(IOException failure) {
    Duration wait = patience.firstWait().multipliedBy(1L << (failed - 1));
    if (failure instanceof RegistryBusy busy) {
      Duration asked = busy.retryAfter().orElse(Duration.ZERO);
      return asked.compareTo(wait) > 0 ? asked : wait;
    }
    return wait;
  }

  static InterruptedIOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("interrupted while pulling an image");
  }
}
