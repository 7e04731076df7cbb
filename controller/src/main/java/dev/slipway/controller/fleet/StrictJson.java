package dev.slipway.controller.fleet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.jackson.Jackson;

/** Reads what people ask for. A misspelt field is refused: a limit must not be lost silently. */
final class StrictJson {
  private static final ObjectMapper MAPPER =
      Jackson.newObjectMapper().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private StrictJson() {}

  /** Reads a request's body; none at all counts as an object without fields. */
  static <T> T read(JsonNode body, Class<T> type) {
    JsonNode object =
        body == null || body.isNull() || body.isMissingNode() ? MAPPER.createObjectNode() : body;
    try {
      return MAPPER.treeToValue(object, type);
    } catch (JsonProcessingException e) {
      throw FleetRefused.badRequest(
          "The request is not understood: " + e.getOriginalMessage() + ".");
    }
  }
}
