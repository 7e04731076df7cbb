package dev.slipway.controller.spelling;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What was probably meant by a word that nobody knows. */
public final class Suggestion {
  private static final int MOST = 3;

  /** One slip of the fingers in so many letters. */
  private static final int LETTERS_A_SLIP = 3;

  private Suggestion() {}

  /**
   * The question to put behind a word, such as {@code (did you mean "xfs"?)} with a blank before
   * it; empty when nothing is close.
   *
   * @param quote what stands around each word
   */
  public static String after(String word, Collection<String> known, String quote) {
    List<String> close = closest(word, known);
    return close.isEmpty()
        ? ""
        : close.stream()
            .map(suggestion -> quote + suggestion + quote)
            .collect(Collectors.joining(" or ", " (did you mean ", "?)"));
  }

  /**
   * Those of the known words that equally few slips lead to, and no others fewer; at most three.
   */
  static List<String> closest(String word, Collection<String> known) {
    String typed = folded(word);
    Map<Integer, List<String>> bySlips =
        known.stream()
            .filter(candidate -> isClose(typed, folded(candidate)))
            .sorted()
            .collect(
                Collectors.groupingBy(
                    candidate -> slips(typed, folded(candidate)),
                    TreeMap::new,
                    Collectors.toList()));
    return bySlips.values().stream().limit(1).flatMap(List::stream).limit(MOST).toList();
  }

  private static boolean isClose(String typed, String candidate) {
    int allowed = candidate.length() / LETTERS_A_SLIP;
    // What is typed may be a page of text.
    return Math.abs(typed.length() - candidate.length()) <= allowed
        && slips(typed, candidate) <= allowed;
  }

  /** Upper case, and the other way to join two words, are no slips. */
  private static String folded(String word) {
    return word.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * How many letters have to be put in, left out, exchanged or swapped with their neighbour to make
   * one word of the other (optimal string alignment).
   */
  private static int slips(String one, String other) {
    int[][] slips = new int[one.length() + 1][other.length() + 1];
    for (int i = 0; i <= one.length(); i++) {
      for (int j = 0; j <= other.length(); j++) {
        slips[i][j] = i == 0 || j == 0 ? i + j : slips(slips, one, i, other, j);
      }
    }
    return slips[one.length()][other.length()];
  }

  private static int slips(int[][] before, String one, int i, String other, int j) {
    boolean same = one.charAt(i - 1) == other.charAt(j - 1);
    int fewest =
        Math.min(
            before[i - 1][j - 1] + (same ? 0 : 1),
            Math.min(before[i - 1][j], before[i][j - 1]) + 1);
    boolean swapped =
        i > 1
            && j > 1
            && one.charAt(i - 1) == other.charAt(j - 2)
            && one.charAt(i - 2) == other.charAt(j - 1);
    return swapped ? Math.min(fewest, before[i - 2][j - 2] + 1) : fewest;
  }
}
