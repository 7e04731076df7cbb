package dev.slipway.controller.source.engine;

import dev.slipway.linux.OperatorError;
import dev.slipway.tree.TreePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What a .dockerignore leaves out of a build: a pattern a line, the last that fits decides, and
 * {@code !} takes back in. One that is called as the Dockerfile beside it, with .dockerignore at
 * the end, is for builds of that Dockerfile and takes the place of the directory's
 * (docs.docker.com, "Build context", ".dockerignore files").
 */
final class IgnoredPaths {
  /** The directory's own, in the directory. */
  static final TreePath FILE = TreePath.of(".dockerignore");

  private record Rule(Pattern pattern, boolean ignores) {}

  private final List<Rule> rules;
  private final boolean ofDockerfile;

  private IgnoredPaths(List<Rule> rules, boolean ofDockerfile) {
    this.rules = rules;
    this.ofDockerfile = ofDockerfile;
  }

  /**
   * Reads the .dockerignore that holds for a Dockerfile in the directory, if there is one.
   *
   * @param dockerfile its path in the directory
   * @throws OperatorError when that cannot be read or understood
   */
  static IgnoredPaths in(Path directory, Path dockerfile) {
    Optional<List<Rule>> own = read(directory.resolve(dockerfile + FILE.toString()));
    return own.map(rules -> new IgnoredPaths(rules, true))
        .orElseGet(
            () ->
                new IgnoredPaths(
                    read(directory.resolve(FILE.toString())).orElse(List.of()), false));
  }

  private static Optional<List<Rule>> read(Path file) {
    try {
      String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      return Optional.of(rules(text.startsWith("\ufeff") ? text.substring(1) : text, file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new OperatorError(file + " cannot be read: " + e.getMessage() + ".", e);
    }
  }

  private static List<Rule> rules(String text, Path file) {
    List<Rule> rules = new ArrayList<>();
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      String stripped = line.strip();
      boolean ignores = !stripped.startsWith("!");
      String pattern = cleaned(ignores ? stripped : stripped.substring(1).strip());
      if (line.startsWith("#") || (pattern.isEmpty() && ignores)) {
        continue;
      }
      try {
        rules.add(new Rule(Pattern.compile(expression(pattern)), ignores));
      } catch (PatternSyntaxException e) {
        throw new OperatorError(
            "%s, line %d: \"%s\" is no pattern of paths. Mend it."
                .formatted(file, number, stripped),
            e);
      }
    }
    return List.copyOf(rules);
  }

  /** Without the slashes and dots that lead nowhere. */
  private static String cleaned(String pattern) {
    List<String> parts = new ArrayList<>();
    for (String part : pattern.split("/", -1)) {
      if (part.equals("..") && !parts.isEmpty()) {
        parts.remove(parts.size() - 1);
      } else if (!part.isEmpty() && !part.equals(".") && !part.equals("..")) {
        parts.add(part);
      }
    }
    return String.join("/", parts);
  }

  private static String expression(String pattern) {
    StringBuilder expression = new StringBuilder();
    int at = 0;
    while (at < pattern.length()) {
      char c = pattern.charAt(at++);
      if (c == '*' && at < pattern.length() && pattern.charAt(at) == '*') {
        at++;
        if (at < pattern.length() && pattern.charAt(at) == '/') {
          at++;
        }
        expression.append(at == pattern.length() ? ".*" : "(?:.*/)?");
      } else if (c == '*') {
        expression.append("[^/]*");
      } else if (c == '?') {
        expression.append("[^/]");
      } else if (c == '[') {
        // A class of characters means the same in both, but for what Java has beyond that.
        int end = Math.max(at, pattern.indexOf(']', at + 1));
        expression.append('[').append(pattern.substring(at, end).replaceAll("[\\[&]", "\\\\$0"));
        at = end;
      } else if (c == ']') {
        expression.append(c);
      } else if (c == '\\' && at < pattern.length()) {
        expression.append(Pattern.quote(pattern.substring(at, at + 1)));
        at++;
      } else {
        expression.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return expression.toString();
  }

  /** Whether these are the Dockerfile's own, and the directory's .dockerignore says nothing. */
  boolean areOfDockerfile() {
    return ofDockerfile;
  }

  /** Whether a path in the directory is left out, by itself or with a directory above it. */
  boolean contains(String path) {
    boolean ignored = false;
    for (Rule rule : rules) {
      if (fits(rule.pattern(), path)) {
        ignored = rule.ignores();
      }
    }
    return ignored;
  }

  private static boolean fits(Pattern pattern, String path) {
    Optional<String> place = Optional.of(path);
    while (place.isPresent()) {
      if (pattern.matcher(place.get()).matches()) {
        return true;
      }
      place = parent(place.get());
    }
    return false;
  }

  private static Optional<String> parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash < 0 ? Optional.empty() : Optional.of(path.substring(0, slash));
  }
}
