package dev.slipway.tree;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which numbers the users and groups of a tree have, by its own passwd(5) and group(5).
 *
 * @param users uid by name
 * @param groups gid by name
 */
record Accounts(Map<String, Integer> users, Map<String, Integer> groups) {
  static final Accounts NONE = new Accounts(Map.of(), Map.of());

  private static final int NAME = 0;
  private static final int NUMBER = 2;

  /** Reads both files; lines that are none of theirs are passed over, as the C library does. */
  static Accounts parse(String passwd, String group) {
    return new Accounts(numbers(passwd), numbers(group));
  }

  private static Map<String, Integer> numbers(String file) {
    Map<String, Integer> numbers = new HashMap<>();
    for (String line : file.split("\n", -1)) {
      String[] fields = line.split(":", -1);
      if (fields.length > NUMBER) {
        number(fields[NUMBER]).ifPresent(number -> numbers.putIfAbsent(fields[NAME], number));
      }
    }
    return Map.copyOf(numbers);
  }

  /** An id as it is written, unsigned in 32 bits; empty for something else. */
  static Optional<Integer> number(String text) {
    try {
      return Optional.of(Integer.parseUnsignedInt(text));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
