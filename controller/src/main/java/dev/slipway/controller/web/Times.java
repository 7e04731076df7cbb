package dev.slipway.controller.web;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times for people; always with their zone, which is UTC. */
final class Times {
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Times() {}

  static String clock(Instant at) {
    return CLOCK.format(at);
  }

  static String date(Instant at) {
    return DATE.format(at);
  }

  static String ago(Instant at, Instant now) {
    return length(Duration.between(at, now)) + " ago";
  }

  static String in(Instant at, Instant now) {
    return at.isAfter(now) ? "in " + length(Duration.between(now, at)) : "now";
  }

  private static String length(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < 120) {
      return seconds + " s";
    }
    long minutes = seconds / 60;
    if (minutes < 120) {
      return minutes + " min";
    }
    long hours = minutes / 60;
    return hours < 48 ? hours + " h" : hours / 24 + " days";
  }
}
