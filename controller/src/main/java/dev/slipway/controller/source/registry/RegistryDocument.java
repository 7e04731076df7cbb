package dev.slipway.controller.source.registry;

import java.net.http.HttpResponse;
import java.util.Optional;

/** A small answer of a registry, whole: 200 with a document, or 404. */
final class RegistryDocument {
  private final HttpResponse<?> answer;
  private final byte[] bytes;

  RegistryDocument(HttpResponse<?> answer, byte[] bytes) {
    this.answer = answer;
    this.bytes = bytes;
  }

  boolean isThere() {
    return answer.statusCode() == RegistryHttp.OK;
  }

  Optional<String> header(String name) {
    return answer.headers().firstValue(name);
  }

  byte[] bytes() {
    return bytes;
  }
}
