package dev.slipway.tree;

import java.nio.charset.StandardCharsets;

/** Numbers as tar archives write them: octal, GNU's base 256, and PAX's decimals. */
final class TarNumber {
  private TarNumber() {}

  /**
   * A numeric header field: octal digits, led by spaces or zeros and ended by a space or zero byte;
   * or, when the first byte has its high bit set, a big-endian two's complement number in the
   * remaining bits (GNU tar, star).
   */
  static long ofField(byte[] block, int offset, int length) {
    if ((block[offset] & 0x80) != 0) {
      return base256(block, offset, length);
    }
    int i = offset;
    int end = offset + length;
    while (i < end && (block[i] == ' ' || block[i] == 0)) {
      i++;
    }
    long value = 0;
    for (; i < end && block[i] != ' ' && block[i] != 0; i++) {
      int digit = block[i] - '0';
      if (digit < 0 || digit > 7) {
        throw new TreeException(
            "The tar archive is damaged: a header has a number that is not octal.");
      }
      value = (value << 3) | digit;
    }
    return value;
  }

  private static long base256(byte[] block, int offset, int length) {
    boolean negative = (block[offset] & 0x40) != 0;
    // The first byte's high bit is the mark; the sign is in the bit after it.
    long value = (long) (block[offset] & 0x7f) - (negative ? 0x80 : 0);
    for (int i = offset + 1; i < offset + length; i++) {
      if (value > Long.MAX_VALUE >> 8 || value < Long.MIN_VALUE >> 8) {
        throw new TreeException(
            "The tar archive is damaged: a header has a number beyond 64 bits.");
      }
      value = (value << 8) | (block[i] & 0xff);
    }
    return value;
  }

  /** A decimal that is not negative, as PAX writes sizes and ids. */
  static long decimal(ByteString text) {
    String digits = text.toText();
    if (digits.isEmpty()
        || digits.length() > 19
        || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new TreeException(
          "The tar archive is damaged: \"" + text + "\" stands where a number should be.");
    }
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw new TreeException(
          "The tar archive is damaged: the number " + digits + " is beyond 64 bits.", e);
    }
  }

  /**
   * A PAX time: seconds, with a fraction or not, negative before 1970. Digits below the nanosecond
   * are dropped.
   */
  static Timestamp time(ByteString value) {
    String text = value.toText();
    boolean negative = text.startsWith("-");
    String number = negative ? text.substring(1) : text;
    int dot = number.indexOf('.');
    String whole = dot < 0 ? number : number.substring(0, dot);
    String fraction = dot < 0 ? "" : number.substring(dot + 1);
    long seconds = decimal(ByteString.of(whole.getBytes(StandardCharsets.UTF_8)));
    int nanos =
        fraction.isEmpty()
            ? 0
            : (int) decimal(ByteString.of((fraction + "000000000").substring(0, 9)));
    if (!negative) {
      return new Timestamp(seconds, nanos);
    }
    return nanos == 0
        ? new Timestamp(-seconds, 0)
        : new Timestamp(-seconds - 1, 1_000_000_000 - nanos);
  }

  /** A time as PAX writes it: what {@link #time} reads. */
  static String text(Timestamp time) {
    if (time.seconds() >= 0) {
      return time.toString();
    }
    return time.nanos() == 0
        ? Long.toString(time.seconds())
        : "-" + new Timestamp(-time.seconds() - 1, 1_000_000_000 - time.nanos());
  }
}
