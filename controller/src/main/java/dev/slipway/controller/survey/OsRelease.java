package dev.slipway.controller.survey;

import java.util.Optional;

/**
 * Which distribution a system is, by os-release(5).
 *
 * @param id such as {@code debian}; empty text when it does not say
 * @param versionId such as {@code 12}; empty text when it does not say
 */
public record OsRelease(String id, String versionId) {
  /** Of a system that does not say what it is. */
  public static final OsRelease UNKNOWN = new OsRelease("", "");

  /** Reads the file's text. */
  public static OsRelease parse(String text) {
    return new OsRelease(value(text, "ID"), value(text, "VERSION_ID"));
  }

  /**
   * What people call the system that has this file: its PRETTY_NAME, or else its NAME and version.
   *
   * @return without control characters; empty when the file does not say
   */
  public static Optional<String> prettyName(String text) {
    String name = value(text, "PRETTY_NAME");
    if (name.isEmpty()) {
      name = (value(text, "NAME") + " " + value(text, "VERSION_ID")).strip();
    }
    return Optional.of(name.replaceAll("\\p{Cntrl}", "?")).filter(said -> !said.isEmpty());
  }

  private static String value(String text, String key) {
    Optional<String> line =
        text.lines().filter(each -> each.startsWith(key + "=")).reduce((first, last) -> last);
    return line.map(found -> found.substring(key.length() + 1).replaceAll("[\"']", "").strip())
        .orElse("");
  }
}
