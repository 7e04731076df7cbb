package dev.slipway.controller.osimage;

import java.util.regex.Pattern;

/**
 * Text that an image brings, for a line of output: with a newline or an escape sequence in a name,
 * an image could say what Slipway does not.
 */
final class PrintableText {
  private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x1f\\x7f-\\x9f]");

  private PrintableText() {}

  /** The text with each control character as a backslash and its number in octal. */
  static String of(String text) {
    return CONTROL
        .matcher(text)
        .replaceAll(found -> "\\\\%03o".formatted((int) found.group().charAt(0)));
  }
}
