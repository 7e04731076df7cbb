package dev.slipway.controller.goldendisk;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A size as disk descriptions and messages write it: a whole number and one of KiB, MiB, GiB, TiB
 * (powers of 1024, IEC 80000-13).
 *
 * @param bytes the size in bytes, never negative
 */
public record ByteSize(long bytes) {
  /** What {@link #parse} accepts, in words for messages. */
  public static final String SYNTAX = "a whole number with KiB, MiB, GiB or TiB, such as 3GiB";

  private static final Map<String, Integer> SHIFTS =
      Map.of("KiB", 10, "MiB", 20, "GiB", 30, "TiB", 40);
  private static final Pattern FORM = Pattern.compile("([0-9]{1,7}) ?([KMGT]iB)");

  public ByteSize {
    if (bytes < 0) {
      throw new IllegalArgumentException("negative size: " + bytes);
    }
  }

  /** A size of so many MiB. */
  public static ByteSize ofMebibytes(long count) {
    return new ByteSize(Math.multiplyExact(count, 1L << 20));
  }

  /**
   * The size that a text names; empty when it is not written as {@link #SYNTAX} says. What is more
   * than a long holds is as much as it holds: no disk has either.
   */
  public static Optional<ByteSize> parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(form.group(1));
    int shift = SHIFTS.get(form.group(2));
    boolean fits = number <= Long.MAX_VALUE >> shift;
    return Optional.of(new ByteSize(fits ? number << shift : Long.MAX_VALUE));
  }

  /** Whether the size is a whole number of MiB, the grain that partitions are laid out in. */
  public boolean isWholeMebibytes() {
    return bytes % (1L << 20) == 0;
  }

  /**
   * The size in the largest unit that needs no more than one decimal, such as {@code 3 GiB} or
   * {@code 1.5 MiB}.
   */
  @Override
  public String toString() {
    for (String unit : new String[] {"TiB", "GiB", "MiB", "KiB"}) {
      long one = 1L << SHIFTS.get(unit);
      if (bytes >= one) {
        return bytes % one == 0
            ? bytes / one + " " + unit
            : String.format(Locale.ROOT, "%.1f %s", (double) bytes / one, unit);
      }
    }
    return bytes + " bytes";
  }
}
