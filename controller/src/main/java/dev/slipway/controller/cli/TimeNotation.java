package dev.slipway.controller.cli;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * How every command takes a time: 90s, 15m, 24h or 7d. Scripts may write ISO 8601, as in PT15M. It
 * is a second at least.
 */
final class TimeNotation implements ITypeConverter<Duration> {
  private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,8})([smhd])");

  @Override
  public Duration convert(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return iso(text);
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }

  private static Duration iso(String text) {
    try {
      Duration duration = Duration.parse(text);
      if (duration.toSeconds() < 1) {
        throw noTime(text);
      }
      return duration;
    } catch (DateTimeParseException e) {
      throw noTime(text);
    }
  }

  private static TypeConversionException noTime(String text) {
    return new TypeConversionException(
        "'" + text + "' is no time: write a number and s, m, h or d, as in 15m or 24h");
  }
}
