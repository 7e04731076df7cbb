package dev.slipway.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a document into a tree. Nesting and lengths are bounded by jackson-core's
 * StreamReadConstraints.
 */
final class JsonReader {

  Json read(byte[] utf8) {
    // RFC 8259 section 8.1: UTF-8 and nothing else, so no guessing by the first bytes.
    JsonFactory factory =
        JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .build();
    try (JsonParser parser = factory.createParser(utf8)) {
      parser.nextToken();
      Json value = value(parser);
      if (parser.nextToken() != null) {
        throw new JsonException("something stands behind the end of the JSON document");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw new JsonException("not valid JSON" + place(e) + ": " + what(e), e);
    } catch (NumberFormatException e) {
      throw new JsonException("a number in the JSON document is out of bounds", e);
    } catch (IOException e) {
      throw new JsonException("not valid JSON: " + e.getMessage(), e);
    }
  }

  /** Without where the library says that the broken part begins: it names its settings there. */
  private static String what(JsonProcessingException e) {
    return e.getOriginalMessage().replaceFirst(" \\(start marker at .*", "");
  }

  // Limits on nesting and length are reported without a place.
  private static String place(JsonProcessingException e) {
    return Optional.ofNullable(e.getLocation())
        .map(at -> " at line " + at.getLineNr() + ", column " + at.getColumnNr())
        .orElse("");
  }

  private static Json value(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == null) {
      throw new JsonException("the JSON document is empty or ends too early");
    }
    return switch (token) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> new Json.Text(parser.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Json.Numeral(parser.getDecimalValue());
      case VALUE_TRUE -> new Json.Bool(true);
      case VALUE_FALSE -> new Json.Bool(false);
      case VALUE_NULL -> new Json.Null();
      default -> throw new JsonException("unexpected " + token + " in the JSON document");
    };
  }

  private static JsonObject object(JsonParser parser) throws IOException {
    Map<String, Json> members = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      parser.nextToken();
      members.put(key, value(parser));
    }
    return new JsonObject(members);
  }

  private static Json.Array array(JsonParser parser) throws IOException {
    List<Json> elements = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      elements.add(value(parser));
    }
    return new Json.Array(elements);
  }
}
