package dev.slipway.controller.goldendisk;

import dev.slipway.controller.spelling.Suggestion;
import dev.slipway.linux.OperatorError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A mapping of a YAML document, read strictly: only allowed keys, each at most once, each of the
 * type asked for. Everything else is refused with file, line and what is allowed.
 */
final class YamlMapping {
  private final Path file;
  private final String where;
  private final Node node;
  private final Map<String, Node> values = new LinkedHashMap<>();

  /**
   * @param where what the mapping is, for messages, such as {@code slots[1]}; empty for the whole
   *     document
   * @param allowed every key that may stand in it
   */
  YamlMapping(Path file, String where, Node node, List<String> allowed) {
    this.file = file;
    this.where = where;
    this.node = node;
    if (!(node instanceof MappingNode mapping)) {
      throw refuse(
          node,
          (where.isEmpty() ? "the document" : where)
              + " must be a mapping with the keys "
              + String.join(", ", allowed));
    }
    for (NodeTuple pair : mapping.getValue()) {
      String key = keyOf(pair);
      if (!allowed.contains(key)) {
        throw refuse(
            pair.getKeyNode(),
            "unknown key '"
                + path(beforeColon(key))
                + "'"
                + Suggestion.after(beforeColon(key), allowed, "'")
                + "; allowed are: "
                + String.join(", ", allowed));
      }
      put(pair);
    }
  }

  /** A mapping whose keys are names that the document gives. */
  private YamlMapping(Path file, String where, MappingNode node) {
    this.file = file;
    this.where = where;
    this.node = node;
    node.getValue().forEach(this::put);
  }

  private void put(NodeTuple pair) {
    if (values.putIfAbsent(keyOf(pair), pair.getValueNode()) != null) {
      throw refuse(pair.getKeyNode(), "'" + path(keyOf(pair)) + "' is there twice");
    }
  }

  /**
   * What follows a colon without a blank between them is a value to whoever wrote it, and perhaps a
   * secret one.
   */
  private static String beforeColon(String key) {
    return key.replaceFirst("(?s):.*", ":");
  }

  private static String keyOf(NodeTuple pair) {
    return pair.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
  }

  /** A text that is there if the key is. A number or a truth value without quotes is not a text. */
  Optional<Text> text(String key) {
    return Optional.ofNullable(values.get(key)).map(value -> text(value, path(key)));
  }

  /**
   * One word, also where YAML takes it for something else: 52:54:00:12:34:56 is a number of base 60
   * to YAML 1.1.
   */
  Optional<Text> word(String key) {
    return Optional.ofNullable(values.get(key))
        .map(
            value ->
                value instanceof ScalarNode scalar && !scalar.getTag().equals(Tag.NULL)
                    ? new Text(path(key), scalar.getValue(), value)
                    : text(value, path(key)));
  }

  Text requiredText(String key) {
    return text(key).orElseThrow(() -> missing(key));
  }

  /** One text or a list of texts; empty if the key is not there. */
  List<Text> texts(String key) {
    Node value = values.get(key);
    if (value == null) {
      return List.of();
    }
    if (value instanceof SequenceNode sequence) {
      List<Text> all = new ArrayList<>();
      for (Node item : sequence.getValue()) {
        all.add(text(item, path(key) + "[" + all.size() + "]"));
      }
      return all;
    }
    return List.of(text(value, path(key)));
  }

  /** Texts by names that the document gives; empty if the key is not there. */
  Map<String, Text> textsByName(String key) {
    Node value = values.get(key);
    if (value == null) {
      return Map.of();
    }
    if (!(value instanceof MappingNode mapping)) {
      throw refuse(value, "'" + path(key) + "' must be a mapping of names to texts");
    }
    Map<String, Text> all = new LinkedHashMap<>();
    for (NodeTuple pair : mapping.getValue()) {
      String name = text(pair.getKeyNode(), path(key)).value();
      Text text = text(pair.getValueNode(), path(key) + "." + name);
      if (all.putIfAbsent(name, text) != null) {
        throw refuse(pair.getKeyNode(), "'" + path(key) + "." + name + "' is there twice");
      }
    }
    return all;
  }

  Optional<Boolean> truth(String key) {
    return Optional.ofNullable(values.get(key))
        .map(
            value -> {
              if (!(value instanceof ScalarNode scalar)
                  || !List.of("true", "false").contains(scalar.getValue())) {
                throw refuse(value, "'" + path(key) + "' must be true or false");
              }
              return scalar.getValue().equals("true");
            });
  }

  /** A switch: on or off, with or without quotes, for YAML 1.1 takes them for truth values. */
  Optional<Boolean> onOrOff(String key) {
    return onOrOff(key, "must be on or off");
  }

  /** As {@link #onOrOff(String)}; what is neither is refused with these words. */
  Optional<Boolean> onOrOff(String key, String otherwise) {
    return Optional.ofNullable(values.get(key))
        .map(
            value -> {
              if (!(value instanceof ScalarNode scalar)
                  || !List.of("on", "off").contains(scalar.getValue())) {
                throw refuse(value, "'" + path(key) + "' " + otherwise);
              }
              return scalar.getValue().equals("on");
            });
  }

  /** A whole number within bounds. */
  Optional<Integer> integer(String key, int smallest, int largest) {
    return Optional.ofNullable(values.get(key))
        .map(
            value -> {
              if (value instanceof ScalarNode scalar && scalar.getValue().matches("[0-9]{1,9}")) {
                int number = Integer.parseInt(scalar.getValue());
                if (number >= smallest && number <= largest) {
                  return number;
                }
              }
              throw refuse(
                  value,
                  "'" + path(key) + "' must be a number from " + smallest + " to " + largest);
            });
  }

  Optional<YamlMapping> mapping(String key, List<String> allowed) {
    return Optional.ofNullable(values.get(key))
        .map(value -> new YamlMapping(file, path(key), value, allowed));
  }

  /**
   * A mapping of mappings by names that the document gives; empty if the key is not there.
   *
   * @param allowed every key that may stand in one of the inner mappings
   */
  Map<String, YamlMapping> named(String key, List<String> allowed) {
    Node value = values.get(key);
    if (value == null) {
      return Map.of();
    }
    if (!(value instanceof MappingNode mapping)) {
      throw refuse(value, "'" + path(key) + "' must be a mapping of names");
    }
    YamlMapping names = new YamlMapping(file, path(key), mapping);
    Map<String, YamlMapping> inner = new LinkedHashMap<>();
    names.values.forEach(
        (name, node) -> inner.put(name, new YamlMapping(file, names.path(name), node, allowed)));
    return inner;
  }

  /** Whether the key is there with a mapping. */
  boolean hasMapping(String key) {
    return values.get(key) instanceof MappingNode;
  }

  /** The mappings of a list; empty if the key is not there. */
  List<YamlMapping> mappings(String key, List<String> allowed) {
    Node value = values.get(key);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof SequenceNode sequence)) {
      throw refuse(value, "'" + path(key) + "' must be a list");
    }
    List<YamlMapping> all = new ArrayList<>();
    for (Node item : sequence.getValue()) {
      all.add(new YamlMapping(file, path(key) + "[" + all.size() + "]", item, allowed));
    }
    return all;
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  OperatorError missing(String key) {
    return refuse(node, "'" + path(key) + "' is missing");
  }

  /** Where a key that is there stands, for what can be found wrong only later; see {@link Text}. */
  String place(String key) {
    return placeOf(values.get(key)) + "'" + path(key) + "'";
  }

  /** A refusal that points at the line of a key's value. */
  OperatorError refuse(String key, String why) {
    return refuse(values.getOrDefault(key, node), "'" + path(key) + "' " + why);
  }

  /** A refusal of the mapping as a whole. */
  OperatorError refuse(String why) {
    return refuse(node, "'" + where + "' " + why);
  }

  private Text text(Node value, String path) {
    if (!(value instanceof ScalarNode scalar)) {
      throw refuse(value, "'" + path + "' must be a text, not a list or a mapping");
    }
    if (scalar.getTag().equals(Tag.NULL)) {
      throw refuse(value, "'" + path + "' has no value");
    }
    if (!scalar.getTag().equals(Tag.STR)) {
      throw refuse(
          value, "'" + path + "' must be a text; put it in quotes if the value is meant as it is");
    }
    return new Text(path, scalar.getValue(), value);
  }

  private String path(String key) {
    return where.isEmpty() ? key : where + "." + key;
  }

  private OperatorError refuse(Node at, String why) {
    return new OperatorError(placeOf(at) + why + ".");
  }

  /** To begin a sentence with. */
  private String placeOf(Node at) {
    return file + ", line " + (at.getStartMark().getLine() + 1) + ": ";
  }

  /** A text of the document that knows where it stands. */
  final class Text {
    private final String path;
    private final String value;
    private final Node at;

    private Text(String path, String value, Node at) {
      this.path = path;
      this.value = value;
      this.at = at;
    }

    String value() {
      return value;
    }

    /** Where it stands, for what can be found wrong only later; to begin a sentence with. */
    String place() {
      return placeOf(at) + "'" + path + "'";
    }

    /** A refusal with the value in it; for values that are no secrets. */
    OperatorError refused(String why) {
      return refuse(at, "'" + path + "' is \"" + value + "\", but " + why);
    }

    /** A refusal of a word that is none of those known, with the one that was probably meant. */
    OperatorError refusedAmong(Collection<String> known, String why) {
      return refuse(
          at,
          "'"
              + path
              + "' is \""
              + value
              + "\""
              + Suggestion.after(value, known, "\"")
              + ", but "
              + why);
    }

    /** A refusal in the words of whoever knows more about the value. */
    OperatorError refusedBecause(OperatorError reason) {
      return new OperatorError(placeOf(at) + reason.getMessage(), reason);
    }

    /** A refusal that does not repeat the value. */
    OperatorError refusedSecretly(String why) {
      return refuse(at, "'" + path + "' " + why);
    }
  }
}
