package dev.slipway.controller.source.registry;

import dev.slipway.controller.source.registry.RegistryLogin.IdentityToken;
import dev.slipway.controller.source.registry.RegistryLogin.Password;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What shows a registry that one image may be pulled: the login, or the token of the moment. */
final class RegistryAuthorization {
  private final RegistryReference reference;
  private final RegistryCredentials credentials;
  private final RegistryTokens tokens;
  private Optional<String> header = Optional.empty();
  private Optional<RegistryLogin> shown = Optional.empty();

  RegistryAuthorization(
      RegistryReference reference, RegistryCredentials credentials, RegistryHttp http) {
    this.reference = reference;
    this.credentials = credentials;
    this.tokens = new RegistryTokens(reference, http);
  }

  /** The header Authorization; empty as long as the registry has not asked for one. */
  Optional<String> header() {
    return header;
  }

  /** Whether a text repeats the login or the token, as the registry was sent them or in plain. */
  boolean isIn(String text) {
    Stream<String> sent = header.stream().map(RegistryAuthorization::value);
    return Stream.concat(sent, shown.stream().flatMap(RegistryAuthorization::secrets))
        .anyMatch(text::contains);
  }

  private static Stream<String> secrets(RegistryLogin login) {
    if (login instanceof Password password) {
      return Stream.of(password.password(), value(basic(password)));
    }
    return Stream.of(((IdentityToken) login).token());
  }

  /** Without its scheme. */
  private static String value(String header) {
    return header.substring(header.indexOf(' ') + 1);
  }

  /**
   * After the registry refused a request: meets its challenge, afresh. Logins are looked up now, so
   * that what everybody may have is pulled without a look at them.
   *
   * @throws OperatorError when there is nothing to meet it with
   */
  void meet(List<RegistryChallenge> challenges, URI registry) throws IOException {
    Optional<RegistryLogin> login = credentials.login(reference.loginServer());
    shown = login;
    Optional<RegistryChallenge> bearer = first(challenges, "bearer");
    Optional<String> met = Optional.empty();
    if (bearer.isPresent()) {
      met = tokens.token(bearer.get(), login, registry).map(token -> "Bearer " + token);
    } else if (first(challenges, "basic").isPresent()) {
      met =
          login
              .filter(Password.class::isInstance)
              .map(Password.class::cast)
              .map(RegistryAuthorization::basic);
    }
    header = Optional.of(met.orElseThrow(this::refused));
  }

  private static Optional<RegistryChallenge> first(
      List<RegistryChallenge> challenges, String scheme) {
    return challenges.stream().filter(challenge -> challenge.scheme().equals(scheme)).findFirst();
  }

  /** RFC 7617. */
  static String basic(Password login) {
    byte[] pair = (login.user() + ":" + login.password()).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  /** What is to be said when the registry refuses for good. */
  OperatorError refused() {
    boolean loggedIn = credentials.login(reference.loginServer()).isPresent();
    return new OperatorError(
        "The registry "
            + reference.host()
            + " does not give docker://"
            + reference
            + (loggedIn
                ? " to the login of "
                    + credentials.file()
                    + ": it does not exist there, or that login may not pull it, or is out of date."
                    + " Check the name, and log in again with: "
                : " without a login, or it does not exist there. Check the name, and log in with: ")
            + reference.loginCommand()
            + " (as the user that runs this, or name the directory of that login in DOCKER_CONFIG).");
  }
}
