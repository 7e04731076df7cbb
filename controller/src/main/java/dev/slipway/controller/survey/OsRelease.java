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

  private static String value(String text, String key) {
    Optional<String> line =
        text.lines().filter(each -> each.startsWith(key + "=")).reduce((first, last) -> last);
    return line.map(found -> found.substring(key.length() + 1).replaceAll("[\"']", "").strip())
        .orElse("");
  }
}
