package dev.slipway.controller.osimage;

import java.math.BigInteger;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Orders kernels by age: runs of digits count as numbers, so 6.1.0-9 is older than 6.1.0-56, and a
 * release candidate is older than its release, as rpm and dpkg have it with {@code ~rc}.
 */
public record KernelVersion(String text) implements Comparable<KernelVersion> {
  private static final Pattern PART = Pattern.compile("[0-9]+|[a-zA-Z]+");

  @Override
  public int compareTo(KernelVersion other) {
    List<String> mine = parts();
    List<String> others = other.parts();
    for (int i = 0; i < Math.min(mine.size(), others.size()); i++) {
      int order = compare(mine.get(i), others.get(i));
      if (order != 0) {
        return order;
      }
    }
    if (mine.size() == others.size()) {
      return text.compareTo(other.text);
    }
    boolean longer = mine.size() > others.size();
    String next = longer ? mine.get(others.size()) : others.get(mine.size());
    return longer == next.equals("rc") ? -1 : 1;
  }

  private List<String> parts() {
    return PART.matcher(text).results().map(MatchResult::group).toList();
  }

  private static int compare(String one, String two) {
    boolean oneIsNumber = Character.isDigit(one.charAt(0));
    boolean twoIsNumber = Character.isDigit(two.charAt(0));
    if (oneIsNumber && twoIsNumber) {
      return new BigInteger(one).compareTo(new BigInteger(two));
    }
    // 6.13-rc1 is older than 6.13.1, and 6.1.0-rc1 than 6.1.0-cloud.
    if (oneIsNumber || twoIsNumber) {
      return oneIsNumber ? 1 : -1;
    }
    if (one.equals("rc") != two.equals("rc")) {
      return one.equals("rc") ? -1 : 1;
    }
    return one.compareTo(two);
  }
}
