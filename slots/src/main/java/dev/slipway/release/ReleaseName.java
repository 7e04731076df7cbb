package dev.slipway.release;

import dev.slipway.linux.OperatorError;
import java.util.regex.Pattern;

/**
 * What people call a release: a name and a version, written {@code web:2}.
 *
 * <p>Both have to be usable in the registry's addresses, where the name is the repository and the
 * version the tag, so their alphabets are those of the OCI distribution specification, the name
 * without slashes.
 *
 * @param name at most 64 characters of {@code a-z0-9}, parted by single {@code .}, {@code _} or
 *     runs of {@code -}
 * @param version at most 128 characters of {@code A-Za-z0-9._-}, not beginning with a dot or dash
 */
public record ReleaseName(String name, String version) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*");
  private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");

  /** Checks both parts and refuses what a registry could not address. */
  public ReleaseName {
    requireName(name);
    if (!VERSION.matcher(version).matches()) {
      throw new OperatorError(
          "'"
              + version
              + "' is no version of a release: use at most 128 of A-Z, a-z, 0-9, '.', '_' and '-',"
              + " and begin with a letter, a digit or '_'.");
    }
  }

  /**
   * Checks a name alone.
   *
   * @throws OperatorError when no release can be called so
   */
  public static void requireName(String name) {
    if (name.length() > 64 || !NAME.matcher(name).matches()) {
      throw new OperatorError(
          "'"
              + name
              + "' is no name for a release: use at most 64 of a-z and 0-9,"
              + " parted by '.', '_' or '-'.");
    }
  }

  /** Reads the form {@code NAME:VERSION}. */
  public static ReleaseName parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new OperatorError(
          "'" + text + "' does not name a release: write NAME:VERSION, as in web:2.");
    }
    return new ReleaseName(text.substring(0, colon), text.substring(colon + 1));
  }

  @Override
  public String toString() {
    return name + ":" + version;
  }
}
