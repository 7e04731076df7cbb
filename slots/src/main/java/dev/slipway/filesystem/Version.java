package dev.slipway.filesystem;

/**
 * A version of a kernel or package, ordered as dpkg orders them (deb-version(7)): runs of digits
 * are numbers, {@code ~} comes before everything, even the end. An epoch before a colon is left
 * out: nobody compares two packages here, only a package with what its authors released. The
 * packager's revision begins at the first hyphen, for kernels have several.
 *
 * @param text such as {@code 6.1.0-18-amd64} or {@code 2.06-3~deb11u6}
 */
public record Version(String text) implements Comparable<Version> {

  public boolean isAtLeast(Version other) {
    return compareTo(other) >= 0;
  }

  @Override
  public int compareTo(Version other) {
    int order = compare(upstream(), other.upstream());
    return order != 0 ? order : compare(revision(), other.revision());
  }

  private String withoutEpoch() {
    return text.replaceFirst("^[0-9]+:", "");
  }

  private String upstream() {
    return withoutEpoch().replaceFirst("-.*", "");
  }

  private String revision() {
    String version = withoutEpoch();
    int hyphen = version.indexOf('-');
    return hyphen < 0 ? "" : version.substring(hyphen + 1);
  }

  private static int compare(String mine, String others) {
    int i = 0;
    int j = 0;
    while (i < mine.length() || j < others.length()) {
      int order = rank(mine, i) - rank(others, j);
      if (order != 0) {
        return order;
      }
      if (rank(mine, i) == 0) {
        int mineEnd = endOfDigits(mine, i);
        int othersEnd = endOfDigits(others, j);
        order = compareNumbers(mine.substring(i, mineEnd), others.substring(j, othersEnd));
        if (order != 0) {
          return order;
        }
        i = mineEnd;
        j = othersEnd;
      } else {
        i++;
        j++;
      }
    }
    return 0;
  }

  /** Digits and the end are the same here. */
  private static int rank(String version, int at) {
    if (at >= version.length() || isDigit(version.charAt(at))) {
      return 0;
    }
    char c = version.charAt(at);
    if (c == '~') {
      return -1;
    }
    return Character.isLetter(c) ? c : c + (1 << 16);
  }

  private static int endOfDigits(String version, int from) {
    int end = from;
    while (end < version.length() && isDigit(version.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static int compareNumbers(String one, String two) {
    String mine = one.replaceFirst("^0+", "");
    String others = two.replaceFirst("^0+", "");
    return mine.length() == others.length()
        ? mine.compareTo(others)
        : Integer.compare(mine.length(), others.length());
  }

  @Override
  public String toString() {
    return text;
  }
}
