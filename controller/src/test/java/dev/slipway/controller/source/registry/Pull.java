package dev.slipway.controller.source.registry;

import dev.slipway.image.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Set;
import javax.net.ssl.SSLContext;

/** Pulls as the program does, with logins of the test's own and little patience. */
public final class Pull {
  static final Patience LITTLE =
      new Patience(Duration.ofMillis(800), Duration.ofMillis(20), Duration.ofSeconds(2), 3);

  private final Path docker;

  /**
   * @param docker the docker command's configuration, where logins are
   */
  public Pull(Path docker) {
    this.docker = docker;
  }

  /** Writes what docker login would leave. */
  public Pull config(String json) throws IOException {
    Files.writeString(Files.createDirectories(docker).resolve("config.json"), json);
    return this;
  }

  public Image open(String reference) {
    try {
      return open(reference, SSLContext.getDefault());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Trusting what this context does. */
  public Image open(String reference, SSLContext tls) {
    return new Registries(
            new RegistryHttp(tls, LITTLE),
            new RegistryCredentials(docker, docker.toString()),
            Set.of())
        .open(RegistryReference.parse(reference));
  }
}
