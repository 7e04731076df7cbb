package dev.slipway.controller.source.registry;

import dev.slipway.image.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLContext;

/** Pulls as the program does, with logins of the test's own and little patience. */
public final class Pull {
  static final Patience LITTLE =
      new Patience(Duration.ofMillis(800), Duration.ofMillis(20), Duration.ofSeconds(2), 3);

  private final Path docker;
  private final Patience patience;
  private final Set<String> plainHttp;
  private final EnvironmentProxies proxies;

  /**
   * @param docker the docker command's configuration, where logins are
   */
  public Pull(Path docker) {
    this(docker, LITTLE, Set.of());
  }

  Pull(Path docker, Patience patience) {
    this(docker, patience, Set.of());
  }

  /** The same, by the proxies of an environment. */
  Pull by(Map<String, String> environment) {
    return new Pull(docker, patience, plainHttp, new EnvironmentProxies(environment));
  }

  /**
   * @param plainHttp registries that may be spoken to by plain HTTP
   */
  Pull(Path docker, Set<String> plainHttp) {
    this(docker, LITTLE, plainHttp);
  }

  private Pull(Path docker, Patience patience, Set<String> plainHttp) {
    this(docker, patience, plainHttp, new EnvironmentProxies(Map.of()));
  }

  private Pull(Path docker, Patience patience, Set<String> plainHttp, EnvironmentProxies proxies) {
    this.proxies = proxies;
    this.docker = docker;
    this.patience = patience;
    this.plainHttp = plainHttp;
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
    return open(reference, new RegistryCertificates(docker.resolve("certs.d"), tls));
  }

  /** With what this directory says of single registries. */
  Image open(String reference, RegistryCertificates certificates) {
    return new Registries(
            asked -> new RegistryHttp(certificates.tls(asked.host()), proxies, patience),
            new RegistryCredentials(docker, docker.toString()),
            plainHttp)
        .open(RegistryReference.parse(reference));
  }
}
