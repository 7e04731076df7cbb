package dev.slipway.controller.osimage;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * One thing that is not as the image has it.
 *
 * @param path in the slot, absolute
 * @param reason why, as a clause without a full stop
 */
public record Change(Kind kind, String path, String reason) {

  private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x1f\\x7f]");

  /** What happened to the path. */
  public enum Kind {
    ADDED,
    CHANGED,
    REMOVED
  }

  /** The line for it in {@code /usr/lib/slipway/changes}; control characters are octal there. */
  @Override
  public String toString() {
    return kind.name().toLowerCase(Locale.ROOT) + " " + onOneLine(path) + ": " + onOneLine(reason);
  }

  /** A name may hold a newline, which would start a line that says something else. */
  private static String onOneLine(String text) {
    return CONTROL
        .matcher(text)
        .replaceAll(found -> "\\\\%03o".formatted((int) found.group().charAt(0)));
  }
}
