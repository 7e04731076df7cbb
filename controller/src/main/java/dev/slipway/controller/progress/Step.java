package dev.slipway.controller.progress;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * One step of the work, from its start on.
 *
 * <p>Its bytes may be counted by one thread while others look.
 */
public final class Step implements LongConsumer {
  private static final long NANOS = 1_000_000_000;

  private final String name;
  private final OptionalLong total;
  private final Runnable mayGoOn;
  private final long start;
  private final AtomicLong done = new AtomicLong();

  Step(String name, OptionalLong total, Runnable mayGoOn, long nanoTime) {
    this.name = name;
    this.total = total;
    this.mayGoOn = mayGoOn;
    this.start = nanoTime;
  }

  /** So many bytes more are done. Throws when the work shall not go on. */
  @Override
  public void accept(long bytes) {
    mayGoOn.run();
    done.addAndGet(bytes);
  }

  /** Such as {@code slot1: make xfs}. */
  public String name() {
    return name;
  }

  /** How many bytes there will be, about; empty when nobody knows. */
  OptionalLong total() {
    return total;
  }

  /** Bytes so far; 0 of a step whose bytes are not counted. */
  long done() {
    return done.get();
  }

  Duration took(long nanoTime) {
    return Duration.ofNanos(nanoTime - start);
  }

  /** Bytes a second since the start; empty before there is anything to tell. */
  OptionalLong rate(long nanoTime) {
    long nanos = nanoTime - start;
    long bytes = done();
    return bytes == 0 || nanos < NANOS
        ? OptionalLong.empty()
        : OptionalLong.of((long) ((double) bytes * NANOS / nanos));
  }

  /** What is left if it goes on as it went; empty when that cannot be told. */
  OptionalLong secondsLeft(long nanoTime) {
    OptionalLong rate = rate(nanoTime);
    if (total.isEmpty() || rate.isEmpty() || rate.getAsLong() == 0) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(Math.max(0, total.getAsLong() - done()) / rate.getAsLong());
  }
}
