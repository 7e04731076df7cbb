package dev.slipway.controller.osimage;

import dev.slipway.linux.OperatorError;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The time that counts as now in a build that shall give the same bytes again
 * (reproducible-builds.org/specs/source-date-epoch, version 1.1).
 *
 * @param seconds since 1970, UTC
 */
public record SourceDateEpoch(long seconds) {
  private static final String VARIABLE = "SOURCE_DATE_EPOCH";
  private static final Pattern FORM = Pattern.compile("[0-9]{1,18}");

  /**
   * What an environment says.
   *
   * @param now what lies after it is refused: the times of what a build makes are set back to the
   *     epoch, never forward
   * @return empty when the variable is not there
   * @throws OperatorError when its value is no time, or not of the past
   */
  public static Optional<SourceDateEpoch> in(Map<String, String> environment, Instant now) {
    return Optional.ofNullable(environment.get(VARIABLE)).map(value -> parse(value, now));
  }

  private static SourceDateEpoch parse(String value, Instant now) {
    if (!FORM.matcher(value).matches()) {
      throw new OperatorError(
          VARIABLE
              + " is \""
              + value
              + "\", but has to be a whole number of seconds since 1970, such as git log -1"
              + " --format=%ct prints. Without it builds are fresh ones: unset it for that.");
    }
    SourceDateEpoch epoch = new SourceDateEpoch(Long.parseLong(value));
    if (epoch.seconds() > now.getEpochSecond()) {
      throw new OperatorError(
          VARIABLE
              + " is "
              + value
              + ", which lies after now, "
              + now.getEpochSecond()
              + ": give a time of the past, in seconds, or set this machine's clock.");
    }
    return epoch;
  }

  /** As a point in time. */
  public Instant instant() {
    return Instant.ofEpochSecond(seconds);
  }

  /** As the environment of a program has it: {@code NAME=VALUE}. */
  String assignment() {
    return VARIABLE + "=" + seconds;
  }
}
