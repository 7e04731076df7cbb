package dev.slipway.controller.source.registry;

import dev.slipway.json.Json;
import dev.slipway.json.JsonException;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Requests about one image to its registry: asked with leave, asked again when need be. */
final class RegistryConnection {
  private static final int LARGEST_DOCUMENT = 4 << 20;
  private static final int LONGEST_MESSAGE = 200;

  private final RegistryReference reference;
  private final RegistryHttp http;
  private final RegistryAddress address;
  private final RegistryAuthorization authorization;
  private final RegistryTrouble trouble;

  RegistryConnection(
      RegistryReference reference,
      RegistryHttp http,
      RegistryAddress address,
      RegistryAuthorization authorization) {
    this.reference = reference;
    this.http = http;
    this.address = address;
    this.authorization = authorization;
    this.trouble = new RegistryTrouble(reference);
  }

  RegistryReference reference() {
    return reference;
  }

  RegistryTrouble trouble() {
    return trouble;
  }

  Attempts attempts() {
    return new Attempts(http.patience());
  }

  /**
   * Gets a manifest or the like, in several attempts if need be.
   *
   * @param path in the repository, such as {@code manifests/latest}
   * @throws OperatorError when the registry refuses it, or fails too often
   */
  RegistryDocument document(String path, String accept) {
    Attempts attempts = attempts();
    while (true) {
      try {
        HttpResponse<InputStream> answer = get(path, accept, 0);
        try (InputStream body = answer.body()) {
          byte[] bytes = body.readNBytes(LARGEST_DOCUMENT + 1);
          if (bytes.length > LARGEST_DOCUMENT) {
            throw new OperatorError(
                "The registry "
                    + reference.host()
                    + " sends a document of more than 4 MiB for docker://"
                    + reference
                    + ", which no image needs.");
          }
          return new RegistryDocument(answer, bytes);
        }
      } catch (IOException e) {
        if (trouble.isHopeless(e) || !again(attempts, e)) {
          throw trouble.told(e);
        }
      }
    }
  }

  private boolean again(Attempts attempts, IOException failure) {
    try {
      return attempts.again(failure);
    } catch (IOException e) {
      throw new OperatorError("Pulling docker://" + reference + " was stopped.", e);
    }
  }

  /**
   * One attempt to get something from an offset on.
   *
   * @return an answer of 200, 206 or 404, whose body the caller closes
   * @throws IOException when another attempt may help
   * @throws OperatorError when the registry refuses
   */
  HttpResponse<InputStream> get(String path, String accept, long offset) throws IOException {
    URI base = address.find(http);
    URI uri = base.resolve("/v2/" + reference.repository() + "/" + path);
    Map<String, String> headers = new HashMap<>(Map.of("Accept", accept));
    if (offset > 0) {
      headers.put("Range", "bytes=" + offset + "-");
    }
    HttpResponse<InputStream> answer = http.get(uri, headers, authorization.header());
    if (answer.statusCode() == RegistryHttp.UNAUTHORIZED
        && RegistryHttp.isSameServer(uri, answer.uri())) {
      answer.body().close();
      authorization.meet(
          RegistryChallenge.parse(answer.headers().allValues("WWW-Authenticate")), base);
      answer = http.get(uri, headers, authorization.header());
    }
    return usable(answer, uri);
  }

  private HttpResponse<InputStream> usable(HttpResponse<InputStream> answer, URI asked)
      throws IOException {
    int status = answer.statusCode();
    boolean elsewhere = !RegistryHttp.isSameServer(asked, answer.uri());
    if (status == RegistryHttp.OK
        || status == RegistryHttp.PARTIAL
        || (status == RegistryHttp.NOT_FOUND && !elsewhere)) {
      return answer;
    }
    try (InputStream body = answer.body()) {
      if (elsewhere) {
        // Addresses of a content network are valid for a while; the registry gives a new one.
        throw new IOException(
            answer.uri().getHost() + ", where " + reference.host() + " leads, answered " + status);
      }
      throw status == RegistryHttp.UNAUTHORIZED || status == RegistryHttp.FORBIDDEN
          ? authorization.refused()
          : new OperatorError(
              "The registry "
                  + reference.host()
                  + " refuses to give docker://"
                  + reference
                  + ": it answered "
                  + status
                  + message(body)
                  + ".");
    }
  }

  /**
   * The first of the registry's own words, if they repeat no login (distribution-spec, "Error
   * Codes").
   */
  private String message(InputStream body) throws IOException {
    try {
      return Json.readObject(body.readNBytes(LARGEST_DOCUMENT)).objects("errors").stream()
          .flatMap(error -> error.optionalString("message").stream())
          .findFirst()
          .filter(text -> !authorization.isIn(text))
          .map(text -> text.replaceAll("\\p{Cntrl}", " "))
          .map(text -> text.substring(0, Math.min(LONGEST_MESSAGE, text.length())))
          .map(text -> " (" + text + ")")
          .orElse("");
    } catch (JsonException e) {
      return "";
    }
  }

  /** The tags that the repository has, the first few; empty when there is no such repository. */
  Optional<List<String>> tags(int most) {
    RegistryDocument tags = document("tags/list?n=" + most, "application/json");
    try {
      return tags.isThere()
          ? Optional.of(Json.readObject(tags.bytes()).strings("tags").stream().sorted().toList())
          : Optional.empty();
    } catch (JsonException e) {
      return Optional.of(List.of());
    }
  }
}
