package dev.slipway.controller.progress;

import java.time.Duration;
import java.util.Locale;

/** Sizes, rates and times as people read them. */
final class Amounts {
  private static final double MILLIS = 1000.0;
  private static final double KIBI = 1024.0;
  private static final String[] UNITS = {"bytes", "KiB", "MiB", "GiB", "TiB"};
  private static final long MINUTE = 60;
  private static final long HOUR = 3600;

  private Amounts() {}

  /** Such as {@code 1.4 GiB}. */
  static String size(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= KIBI && unit < UNITS.length - 1) {
      value /= KIBI;
      unit++;
    }
    return unit == 0 ? bytes + " bytes" : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
  }

  /** Such as {@code 38.1 MiB/s}. */
  static String rate(long bytesPerSecond) {
    return size(bytesPerSecond) + "/s";
  }

  /** To a tenth of a second. */
  static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f s", time.toMillis() / MILLIS);
  }

  /** Such as {@code 2 min 5 s}. */
  static String roughly(long seconds) {
    if (seconds < MINUTE) {
      return seconds + " s";
    }
    return seconds < HOUR
        ? seconds / MINUTE + " min " + seconds % MINUTE + " s"
        : seconds / HOUR + " h " + seconds % HOUR / MINUTE + " min";
  }
}
