package dev.slipway.json;

/**
 * A document that is no JSON, or not the JSON expected. The message says what is wrong; whoever
 * reads the document knows its name and turns this into a sentence for the operator.
 */
public final class JsonException extends RuntimeException {
  /** With what is wrong. */
  public JsonException(String message) {
    super(message);
  }

  JsonException(String message, Throwable cause) {
    super(message, cause);
  }
}
