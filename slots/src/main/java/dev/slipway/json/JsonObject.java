package dev.slipway.json;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A JSON object, immutable. Accessors name what they expect: {@code string("a")} throws {@link
 * JsonException} when a is missing or no string; {@code optionalString("a")} is empty when a is
 * missing or null, and throws when it is no string.
 */
public record JsonObject(Map<String, Json> members) implements Json {
  /** The object without members. */
  public static final JsonObject EMPTY = new JsonObject(Map.of());

  /** Keeps its own copy, in the order given. */
  public JsonObject {
    members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
  }

  /** The same object with this member added at the end, or replaced where it stands. */
  public JsonObject with(String key, Json value) {
    Map<String, Json> copy = new LinkedHashMap<>(members);
    copy.put(key, value);
    return new JsonObject(copy);
  }

  /** With a string. */
  public JsonObject with(String key, String value) {
    return with(key, new Text(value));
  }

  /** With a number. */
  public JsonObject with(String key, long value) {
    return with(key, new Numeral(BigDecimal.valueOf(value)));
  }

  /** With true or false. */
  public JsonObject with(String key, boolean value) {
    return with(key, new Bool(value));
  }

  /** With a list of objects or other values. */
  public JsonObject with(String key, Collection<? extends Json> values) {
    return with(key, new Array(List.copyOf(values)));
  }

  /** With a list of strings. */
  public JsonObject withStrings(String key, Collection<String> values) {
    return with(key, values.stream().map(Text::new).toList());
  }

  /** The same object with this member when there is a value, and as it is when there is none. */
  public JsonObject withOptional(String key, Optional<String> value) {
    return value.map(text -> with(key, text)).orElse(this);
  }

  /** Whether there is such a member, even null. */
  public boolean has(String key) {
    return members.containsKey(key);
  }

  /** The member; empty when it is missing or null. */
  public Optional<Json> optional(String key) {
    return Optional.ofNullable(members.get(key)).filter(value -> !(value instanceof Null));
  }

  /** A string that must be there. */
  public String string(String key) {
    return required(key, optionalString(key), "a string");
  }

  /** A string that may be missing. */
  public Optional<String> optionalString(String key) {
    return as(key, Text.class, "a string").map(Text::value);
  }

  /** A whole number that must be there. */
  public long integer(String key) {
    return required(key, optionalInteger(key), "a number");
  }

  /** A whole number that may be missing. */
  public Optional<Long> optionalInteger(String key) {
    return as(key, Numeral.class, "a number")
        .map(
            number -> {
              try {
                return number.value().longValueExact();
              } catch (ArithmeticException e) {
                throw new JsonException(
                    "\"" + key + "\" is not a whole number that fits 64 bits", e);
              }
            });
  }

  /** True or false that must be there. */
  public boolean bool(String key) {
    return required(key, optionalBool(key), "true or false");
  }

  /** True or false that may be missing. */
  public Optional<Boolean> optionalBool(String key) {
    return as(key, Bool.class, "true or false").map(Bool::value);
  }

  /** An object that must be there. */
  public JsonObject object(String key) {
    return required(key, optionalObject(key), "an object");
  }

  /** An object that may be missing. */
  public Optional<JsonObject> optionalObject(String key) {
    return as(key, JsonObject.class, "an object");
  }

  /** A list of objects; the empty list when it is missing or null. */
  public List<JsonObject> objects(String key) {
    return list(key, JsonObject.class, "objects", Function.identity());
  }

  /** A list of strings; the empty list when it is missing or null. */
  public List<String> strings(String key) {
    return list(key, Text.class, "strings", Text::value);
  }

  /** An object whose members are all strings, such as labels; empty when it is missing or null. */
  public Map<String, String> stringMap(String key) {
    Map<String, String> map = new LinkedHashMap<>();
    JsonObject object = optionalObject(key).orElse(EMPTY);
    object.members().keySet().forEach(name -> map.put(name, object.string(name)));
    return Collections.unmodifiableMap(map);
  }

  private <J extends Json, T> List<T> list(
      String key, Class<J> type, String what, Function<J, T> convert) {
    List<T> result = new ArrayList<>();
    for (Json element :
        as(key, Array.class, "a list of " + what).map(Array::elements).orElse(List.of())) {
      if (!type.isInstance(element)) {
        throw new JsonException("\"" + key + "\" is not a list of " + what + " only");
      }
      result.add(convert.apply(type.cast(element)));
    }
    return List.copyOf(result);
  }

  private <J extends Json> Optional<J> as(String key, Class<J> type, String what) {
    return optional(key)
        .map(
            value -> {
              if (!type.isInstance(value)) {
                throw new JsonException("\"" + key + "\" is not " + what);
              }
              return type.cast(value);
            });
  }

  private static <T> T required(String key, Optional<T> value, String what) {
    return value.orElseThrow(
        () -> new JsonException("\"" + key + "\" is missing; it should be " + what));
  }
}
