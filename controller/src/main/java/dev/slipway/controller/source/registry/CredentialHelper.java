package dev.slipway.controller.source.registry;

import dev.slipway.json.Json;
import dev.slipway.json.JsonException;
import dev.slipway.json.JsonObject;
import dev.slipway.linux.Command;
import dev.slipway.linux.OperatorError;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A program {@code docker-credential-NAME} that keeps logins, asked as the
 * docker-credential-helpers project defines it: {@code get}, the server on standard input, an
 * object on standard output.
 *
 * @param name what follows {@code docker-credential-}
 * @param searchPath where programs are, as in {@code PATH}
 */
record CredentialHelper(String name, String searchPath) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
  private static final String KNOWS_NOTHING = "credentials not found";
  private static final String TOKEN_USER = "<token>";

  /** What it keeps for this server; empty when it keeps nothing. */
  Optional<RegistryLogin> login(String server) {
    Command.Result result =
        Command.of(program().toString(), "get")
            .input(server.getBytes(StandardCharsets.UTF_8))
            .runUnchecked();
    if (result.exit() != 0) {
      if (result.out().contains(KNOWS_NOTHING) || result.err().contains(KNOWS_NOTHING)) {
        return Optional.empty();
      }
      // What it printed is not repeated: it may be half of a login.
      throw new OperatorError(
          "docker-credential-"
              + name
              + " failed with exit code "
              + result.exit()
              + " when asked for the login at "
              + server
              + ". Try it: echo "
              + server
              + " | docker-credential-"
              + name
              + " get.");
    }
    return parse(result.out()).filter(CredentialHelper::isSet);
  }

  private Path program() {
    return Optional.of("docker-credential-" + name)
        .filter(program -> NAME.matcher(name).matches())
        .flatMap(
            program ->
                Stream.of(searchPath.split(File.pathSeparator, -1))
                    .filter(directory -> !directory.isEmpty())
                    .map(directory -> Path.of(directory, program))
                    .filter(Files::isExecutable)
                    .findFirst())
        .orElseThrow(
            () ->
                new OperatorError(
                    "Docker's configuration leaves the login to docker-credential-"
                        + name
                        + ", which is not on the PATH. Install it, or take it out of the"
                        + " configuration (credsStore, credHelpers) and log in again."));
  }

  private Optional<RegistryLogin> parse(String output) {
    try {
      JsonObject answer = Json.readObject(output.getBytes(StandardCharsets.UTF_8));
      String user = answer.optionalString("Username").orElse("");
      String secret = answer.optionalString("Secret").orElse("");
      return Optional.of(
          user.equals(TOKEN_USER)
              ? new RegistryLogin.IdentityToken(secret)
              : new RegistryLogin.Password(user, secret));
    } catch (JsonException e) {
      // Not even as the cause: it may quote the secret.
      throw new OperatorError(
          "docker-credential-" + name + " answered something that is no login; is it up to date?");
    }
  }

  private static boolean isSet(RegistryLogin login) {
    return !(login instanceof RegistryLogin.Password password) || !password.user().isEmpty();
  }
}
