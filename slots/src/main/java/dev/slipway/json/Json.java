package dev.slipway.json;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A JSON value. Objects keep their keys in the order given, so that writing what was read gives the
 * same text.
 */
public sealed interface Json
    permits JsonObject, Json.Array, Json.Text, Json.Numeral, Json.Bool, Json.Null {

  /** A list of values. */
  record Array(List<Json> elements) implements Json {
    /** Keeps its own copy. */
    public Array {
      elements = List.copyOf(elements);
    }
  }

  /** A string. */
  record Text(String value) implements Json {}

  /** A number, as exactly as it was written. */
  record Numeral(BigDecimal value) implements Json {}

  /** True or false. */
  record Bool(boolean value) implements Json {}

  /** null. */
  record Null() implements Json {}

  /**
   * Reads one document.
   *
   * @throws JsonException when it is no JSON, has a key twice, or anything stands behind it
   */
  static Json read(byte[] utf8) {
    return new JsonReader().read(utf8);
  }

  /** Reads one document, see {@link #read(byte[])}. */
  static Json read(String text) {
    return read(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Reads one document that must be an object. */
  static JsonObject readObject(byte[] utf8) {
    if (read(utf8) instanceof JsonObject object) {
      return object;
    }
    throw new JsonException("a JSON object is expected here, not another value");
  }

  /** Reads one document that must be an object. */
  static JsonObject readObject(String text) {
    return readObject(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The document on one line, without spaces. */
  default String write() {
    return new JsonWriter(false).write(this);
  }

  /** The document indented for people, with a final newline. */
  default String writePretty() {
    return new JsonWriter(true).write(this) + "\n";
  }
}
