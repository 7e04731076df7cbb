package dev.slipway.controller.source.registry;

import dev.slipway.controller.source.registry.RegistryLogin.IdentityToken;
import dev.slipway.controller.source.registry.RegistryLogin.Password;
import dev.slipway.json.Json;
import dev.slipway.json.JsonException;
import dev.slipway.json.JsonObject;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Tokens of the service that a registry names in a Bearer challenge (the distribution project's
 * token authentication; with an identity token, OAuth 2.0's refresh).
 */
final class RegistryTokens {
  private static final int LARGEST = 1 << 20;
  private static final int BAD_REQUEST = 400;
  private static final Pattern FIT_FOR_A_HEADER = Pattern.compile("[!-~]+");

  private final RegistryReference reference;
  private final RegistryHttp http;

  RegistryTokens(RegistryReference reference, RegistryHttp http) {
    this.reference = reference;
    this.http = http;
  }

  /**
   * A fresh token.
   *
   * @param registry that gave the challenge: when it is spoken to by HTTPS, so is the service
   * @return empty when the service refuses the login, or to give one without a login
   * @throws OperatorError when the challenge cannot be met by anyone
   * @throws IOException when the service does not answer
   */
  Optional<String> token(RegistryChallenge challenge, Optional<RegistryLogin> login, URI registry)
      throws IOException {
    URI realm = realm(challenge, registry);
    String query =
        challenge
                .parameter("service")
                .map(service -> "service=" + encoded(service) + "&")
                .orElse("")
            + "scope="
            + encoded(
                challenge
                    .parameter("scope")
                    .orElse("repository:" + reference.repository() + ":pull"));
    HttpResponse<InputStream> answer = ask(realm, query, login);
    try (InputStream body = answer.body()) {
      return switch (answer.statusCode()) {
        case RegistryHttp.OK -> Optional.of(token(realm, body));
        // OAuth refuses with 400 (RFC 6749, 5.2), others as HTTP has it.
        case BAD_REQUEST, RegistryHttp.UNAUTHORIZED, RegistryHttp.FORBIDDEN -> Optional.empty();
        default -> throw useless(realm, "it answered " + answer.statusCode());
      };
    }
  }

  private URI realm(RegistryChallenge challenge, URI registry) {
    Optional<URI> realm = challenge.parameter("realm").flatMap(RegistryTokens::address);
    if (realm.isEmpty()) {
      throw new OperatorError(
          "The registry "
              + reference.host()
              + " wants a token and does not say where from, so nothing can be pulled from it. Ask"
              + " who runs it.");
    }
    if (registry.getScheme().equals("https") && !realm.get().getScheme().equals("https")) {
      throw useless(realm.get(), "a login would go there in the clear");
    }
    return realm.get();
  }

  private static Optional<URI> address(String text) {
    try {
      URI uri = URI.create(text);
      boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
      return Optional.of(uri).filter(it -> web && it.getHost() != null);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private HttpResponse<InputStream> ask(URI realm, String query, Optional<RegistryLogin> login)
      throws IOException {
    if (login.isPresent() && login.get() instanceof IdentityToken identity) {
      return http.post(
          realm,
          query
              + "&grant_type=refresh_token&client_id=slipway&refresh_token="
              + encoded(identity.token()));
    }
    URI uri = URI.create(realm + (realm.getRawQuery() == null ? "?" : "&") + query);
    return http.get(
        uri,
        Map.of(),
        login
            .filter(Password.class::isInstance)
            .map(Password.class::cast)
            .map(RegistryAuthorization::basic));
  }

  private String token(URI realm, InputStream body) throws IOException {
    try {
      JsonObject answer = Json.readObject(body.readNBytes(LARGEST));
      return answer
          .optionalString("token")
          .filter(token -> !token.isEmpty())
          .or(() -> answer.optionalString("access_token"))
          .filter(token -> FIT_FOR_A_HEADER.matcher(token).matches())
          .orElseThrow(() -> useless(realm, "its answer has no token"));
    } catch (JsonException e) {
      // Not even as the cause: it may quote a token.
      throw useless(realm, "its answer is no JSON object");
    }
  }

  private OperatorError useless(URI realm, String why) {
    return new OperatorError(
        "The registry "
            + reference.host()
            + " sends for a token to "
            + realm.getHost()
            + ", which is of no use: "
            + why
            + ". Ask who runs the registry.");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
