package dev.slipway.controller.source.registry;

import dev.slipway.image.Image;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Set;
import javax.net.ssl.SSLContext;

/** Pulls as the program does, with logins of the test's own and little patience. */
final class Pull {
  static final Patience LITTLE =
      new Patience(Duration.ofMillis(800), Duration.ofMillis(20), Duration.ofSeconds(2), 3);

  private final Path docker;

  /**
   * @param docker the docker command's configuration, where logins are
   */
  Pull(Path docker) {
    this.docker = docker;
  }

  /** Writes what docker login would leave. */
  Pull config(String json) throws java.io.IOException {
    Files.writeString(Files.createDirectories(docker).resolve("config.json"), json);
    return this;
  }

  Image open(String reference) {
    return open(reference, LITTLE);
  }

  Image open(String reference, Patience patience) {
    try {
      return open(reference, patience, SSLContext.getDefault());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  Image open(String reference, Patience patience, SSLContext tls) {
    return new Registries(
            new RegistryHttp(tls, patience),
            new RegistryCredentials(docker, docker.toString()),
            Set.of())
        .open(RegistryReference.parse(reference));
  }
}
