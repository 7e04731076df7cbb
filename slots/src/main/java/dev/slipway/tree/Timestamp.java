package dev.slipway.tree;

/**
 * A point in time as file systems keep it.
 *
 * @param seconds since 1970, UTC; negative before
 * @param nanos 0 to 999,999,999, always forward from the seconds
 */
public record Timestamp(long seconds, int nanos) {
  /** 1 January 1970. */
  public static final Timestamp EPOCH = new Timestamp(0, 0);

  private static final int NANOS_PER_SECOND = 1_000_000_000;

  /** Checks the nanoseconds. */
  public Timestamp {
    if (nanos < 0 || nanos >= NANOS_PER_SECOND) {
      throw new IllegalArgumentException("nanoseconds out of range: " + nanos);
    }
  }

  /** Whole seconds. */
  public static Timestamp ofSeconds(long seconds) {
    return new Timestamp(seconds, 0);
  }

  /** Whether it is later. */
  public boolean isAfter(Timestamp other) {
    return seconds > other.seconds || (seconds == other.seconds && nanos > other.nanos);
  }

  /** For example {@code 1700000000.250000000}. */
  @Override
  public String toString() {
    return seconds + "." + String.format("%09d", nanos);
  }

  /** Reads what {@link #toString} writes. */
  public static Timestamp parse(String text) {
    int dot = text.indexOf('.');
    return new Timestamp(
        Long.parseLong(text.substring(0, dot)), Integer.parseInt(text.substring(dot + 1)));
  }
}
