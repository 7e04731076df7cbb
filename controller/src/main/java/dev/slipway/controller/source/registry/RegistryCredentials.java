package dev.slipway.controller.source.registry;

import dev.slipway.json.Json;
import dev.slipway.json.JsonException;
import dev.slipway.json.JsonObject;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The logins that {@code docker login} left: in the docker command's {@code config.json}, or with
 * the helpers that it names.
 */
final class RegistryCredentials {
  /** A key of config.json: a host, or an address from the time of the first API version. */
  private static final Pattern ADDRESS =
      Pattern.compile("(?:https?://)?(?<host>[^/]+)(?:/v[12])?/?");

  private static final Set<String> HUBS_NAMES =
      Set.of("docker.io", "index.docker.io", "registry-1.docker.io");

  private final Path file;
  private final String searchPath;

  /**
   * @param directory the docker command's configuration
   * @param searchPath where helpers are, as in {@code PATH}
   */
  RegistryCredentials(Path directory, String searchPath) {
    this.file = directory.resolve("config.json");
    this.searchPath = searchPath;
  }

  /** Those that the docker command would use in this environment. */
  static RegistryCredentials ofEnvironment(Map<String, String> environment) {
    String home = environment.getOrDefault("HOME", System.getProperty("user.home"));
    return new RegistryCredentials(
        Optional.ofNullable(environment.get("DOCKER_CONFIG"))
            .filter(directory -> !directory.isEmpty())
            .map(Path::of)
            .orElse(Path.of(home, ".docker")),
        environment.getOrDefault("PATH", ""));
  }

  /** The file that they are kept in or named by. */
  Path file() {
    return file;
  }

  /**
   * The login for a server, from its own helper, the store for all, or the file itself.
   *
   * @param server as docker login names it
   * @throws OperatorError when the file or a helper cannot be read
   */
  Optional<RegistryLogin> login(String server) {
    JsonObject config = read();
    try {
      return helper(config, server)
          .flatMap(name -> new CredentialHelper(name, searchPath).login(server))
          .or(() -> inFile(config, server));
    } catch (JsonException e) {
      throw malformed();
    }
  }

  private static Optional<String> helper(JsonObject config, String server) {
    JsonObject own = config.optionalObject("credHelpers").orElse(JsonObject.EMPTY);
    return key(own, server)
        .flatMap(own::optionalString)
        .or(() -> config.optionalString("credsStore"))
        .filter(name -> !name.isEmpty());
  }

  private Optional<RegistryLogin> inFile(JsonObject config, String server) {
    JsonObject all = config.optionalObject("auths").orElse(JsonObject.EMPTY);
    JsonObject kept = key(all, server).flatMap(all::optionalObject).orElse(JsonObject.EMPTY);
    return text(kept, "identitytoken")
        .<RegistryLogin>map(RegistryLogin.IdentityToken::new)
        .or(() -> text(kept, "auth").map(this::password));
  }

  /** Where a server stands among others: as it is named, or as another tool writes it. */
  private static Optional<String> key(JsonObject servers, String server) {
    return Stream.concat(Stream.of(server), servers.members().keySet().stream())
        .filter(servers::has)
        .filter(key -> plain(key).equals(plain(server)))
        .findFirst();
  }

  private static String plain(String server) {
    Matcher address = ADDRESS.matcher(server);
    String host = address.matches() ? address.group("host") : server;
    return HUBS_NAMES.contains(host) ? "docker.io" : host;
  }

  private RegistryLogin password(String auth) {
    String decoded;
    try {
      decoded = new String(Base64.getDecoder().decode(auth), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw malformed();
    }
    int colon = decoded.indexOf(':');
    if (colon < 0) {
      throw malformed();
    }
    return new RegistryLogin.Password(
        decoded.substring(0, colon), decoded.substring(colon + 1).replaceAll("\0+$", ""));
  }

  private static Optional<String> text(JsonObject object, String key) {
    return object.optionalString(key).filter(value -> !value.isEmpty());
  }

  private JsonObject read() {
    try {
      return Json.readObject(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return JsonObject.EMPTY;
    } catch (IOException e) {
      throw new OperatorError(
          "The docker command's logins in "
              + file
              + " cannot be read: "
              + e.getMessage()
              + ". Make the file readable, or name another directory in DOCKER_CONFIG.",
          e);
    } catch (JsonException e) {
      throw malformed();
    }
  }

  // Without the error underneath: it may quote a secret.
  private OperatorError malformed() {
    return new OperatorError(
        file
            + " is not as the docker command writes it, so no login can be read from it. Mend it,"
            + " or name another directory in DOCKER_CONFIG.");
  }
}
