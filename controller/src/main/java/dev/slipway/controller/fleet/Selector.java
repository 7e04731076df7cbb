package dev.slipway.controller.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Chooses hosts by their labels, in the grammar of Kubernetes' label selectors: {@code rack=r12},
 * {@code env!=prod}, {@code role in (db,web)}, {@code role notin (db)}, {@code canary}, {@code
 * !canary}, joined by commas that mean "and". {@code all} chooses every host.
 *
 * <p>{@code !=} and {@code notin} also choose hosts without the label.
 */
public final class Selector {
  private static final String KEY =
      "(?:[A-Za-z0-9.-]{1,253}/)?[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?";
  private static final String VALUE = "[A-Za-z0-9_./-]{0,63}";
  private static final Pattern EQUALS =
      Pattern.compile("(" + KEY + ")\\s*(==|=|!=)\\s*(" + VALUE + ")");
  private static final Pattern SET =
      Pattern.compile("(" + KEY + ")\\s+(in|notin)\\s*\\(([^()]*)\\)");
  private static final Pattern EXISTS = Pattern.compile("(!?)\\s*(" + KEY + ")");

  private final String text;
  private final Predicate<Map<String, String>> test;

  private Selector(String text, Predicate<Map<String, String>> test) {
    this.text = text;
    this.test = test;
  }

  /**
   * Reads a selector.
   *
   * @throws FleetRefused when it is none, saying which term is wrong
   */
  public static Selector parse(String text) {
    if (text.strip().equals("all")) {
      return new Selector("all", labels -> true);
    }
    Predicate<Map<String, String>> all = labels -> true;
    for (String term : terms(text)) {
      all = all.and(term(term.strip(), text));
    }
    return new Selector(text.strip(), all);
  }

  /** Whether a host with these labels is chosen. */
  public boolean matches(Map<String, String> labels) {
    return test.test(labels);
  }

  @Override
  public String toString() {
    return text;
  }

  private static List<String> terms(String text) {
    var terms = new ArrayList<String>();
    int depth = 0;
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      switch (text.charAt(i)) {
        case '(' -> depth++;
        case ')' -> depth--;
        case ',' -> {
          if (depth == 0) {
            terms.add(text.substring(from, i));
            from = i + 1;
          }
        }
        default -> {}
      }
    }
    terms.add(text.substring(from));
    return terms;
  }

  private static Predicate<Map<String, String>> term(String term, String whole) {
    Matcher equals = EQUALS.matcher(term);
    if (equals.matches()) {
      String key = equals.group(1);
      String value = equals.group(3);
      return equals.group(2).equals("!=")
          ? labels -> !value.equals(labels.get(key))
          : labels -> value.equals(labels.get(key));
    }
    Matcher set = SET.matcher(term);
    if (set.matches()) {
      String key = set.group(1);
      Set<String> values = values(set.group(3), term);
      return set.group(2).equals("in")
          ? labels -> labels.containsKey(key) && values.contains(labels.get(key))
          : labels -> !labels.containsKey(key) || !values.contains(labels.get(key));
    }
    Matcher exists = EXISTS.matcher(term);
    if (exists.matches()) {
      String key = exists.group(2);
      return exists.group(1).isEmpty()
          ? labels -> labels.containsKey(key)
          : labels -> !labels.containsKey(key);
    }
    throw wrong(term, whole);
  }

  private static Set<String> values(String list, String term) {
    var values = new TreeSet<String>();
    for (String value : list.split(",", -1)) {
      if (!value.strip().matches(VALUE)) {
        throw wrong(term, term);
      }
      values.add(value.strip());
    }
    return values;
  }

  private static FleetRefused wrong(String term, String whole) {
    return FleetRefused.badRequest(
        "'"
            + term
            + "' in the selector '"
            + whole
            + "' is not understood. Write key=value, key!=value, key in (a,b), key notin (a,b),"
            + " key or !key, joined by commas; or all for every host. (Facts that hosts report"
            + " cannot be selected by.)");
  }
}
