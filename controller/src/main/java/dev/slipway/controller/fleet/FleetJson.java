package dev.slipway.controller.fleet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.jackson.Jackson;

/** What the fleet's tables hold as JSON: written and read by nobody else. */
final class FleetJson {
  private final ObjectMapper mapper = Jackson.newObjectMapper();

  String write(Object value) {
    try {
      return mapper.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A record of the fleet has no JSON form", e);
    }
  }

  <T> T read(String text, Class<T> type) {
    try {
      return mapper.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw damaged(e);
    }
  }

  <T> T read(String text, TypeReference<T> type) {
    try {
      return mapper.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw damaged(e);
    }
  }

  private static IllegalStateException damaged(JsonProcessingException e) {
    return new IllegalStateException("The fleet's database holds JSON it did not write", e);
  }
}
