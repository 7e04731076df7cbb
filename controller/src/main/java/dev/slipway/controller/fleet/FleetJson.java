package dev.slipway.controller.fleet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.linux.OperatorError;
import io.dropwizard.jackson.Jackson;

/**
 * What the fleet's tables hold as JSON: written and read by nobody else, so a part that is missing
 * or unknown is a record that changed its form without a migration. Read on, it would lose what was
 * known of a host.
 */
final class FleetJson {
  private final ObjectMapper mapper =
      Jackson.newObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  String write(Object value) {
    try {
      return mapper.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A record of the fleet has no JSON form", e);
    }
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @param what the text is about, for people
   * @throws OperatorError when another version wrote it, or it is damaged
   */
  <T> T read(String text, Class<T> type, String what) {
    try {
      return mapper.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw unreadable(what, e);
    }
  }

  /** The same, of a generic type. */
  <T> T read(String text, TypeReference<T> type, String what) {
    try {
      return mapper.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw unreadable(what, e);
    }
  }

  private static OperatorError unreadable(String what, JsonProcessingException e) {
    return new OperatorError(
        "The database holds "
            + what
            + " in a form that this controller does not know ("
            + e.getOriginalMessage()
            + "). Run the version that wrote it, or restore the copy made before the upgrade.",
        e);
  }
}
