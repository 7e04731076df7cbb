package dev.slipway.boot;

import dev.slipway.linux.OperatorError;
import java.math.BigInteger;
import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * Names one switch of slots from its start to its end: a ULID (26 characters of Crockford's base32:
 * 48 bits of milliseconds, 80 random bits), so ids sort by time.
 *
 * @param text 1 to 26 characters of {@code [0-9A-Z]}
 */
public record TransactionId(String text) {

  private static final Pattern RULE = Pattern.compile("[0-9A-Z]{1,26}");
  private static final int RANDOM_BYTES = 10;
  private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

  public TransactionId {
    if (!RULE.matcher(text).matches()) {
      throw new OperatorError(
          "A transaction id is 1 to 26 characters of 0-9 and A-Z, not \"" + text + "\".");
    }
  }

  /** A new id. */
  public static TransactionId next(InstantSource clock, RandomGenerator random) {
    byte[] bits = new byte[RANDOM_BYTES];
    random.nextBytes(bits);
    return of(clock.instant(), bits);
  }

  /**
   * The id with these in the place of random bits.
   *
   * @param bits at least {@value #RANDOM_BYTES} bytes; more are left out
   */
  public static TransactionId of(Instant time, byte[] bits) {
    StringBuilder text = new StringBuilder(26);
    long millis = time.toEpochMilli();
    for (int shift = 45; shift >= 0; shift -= 5) {
      text.append(DIGITS.charAt((int) (millis >>> shift) & 31));
    }
    BigInteger number = new BigInteger(1, bits, 0, RANDOM_BYTES);
    for (int shift = RANDOM_BYTES * 8 - 5; shift >= 0; shift -= 5) {
      text.append(DIGITS.charAt(number.shiftRight(shift).intValue() & 31));
    }
    return new TransactionId(text.toString());
  }

  @Override
  public String toString() {
    return text;
  }
}
