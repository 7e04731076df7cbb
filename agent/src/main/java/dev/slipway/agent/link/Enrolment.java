package dev.slipway.agent.link;

import dev.slipway.json.Json;
import dev.slipway.json.JsonException;
import dev.slipway.json.JsonObject;
import dev.slipway.linux.OperatorError;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * Whom this host has joined and as whom: {@code controller.json}, {@code ca.crt}, {@code host.key}
 * and {@code host.crt} in the directory {@code agent} of the data partition, the same for every
 * slot.
 *
 * @param controller where it answers
 * @param hostId the host's id at the controller
 * @param name what people call the host there
 */
public record Enrolment(
    URI controller,
    String hostId,
    String name,
    X509Certificate authority,
    PrivateKey key,
    X509Certificate certificate) {
  static final String CONTROLLER = "controller.json";
  static final String AUTHORITY = "ca.crt";
  static final String KEY = "host.key";

  /** Written last: without it the host has not joined. */
  static final String CERTIFICATE = "host.crt";

  /**
   * What the directory holds.
   *
   * @return empty when this host has not joined a controller
   * @throws OperatorError when what it holds is damaged
   */
  public static Optional<Enrolment> read(Path directory) {
    PrivateDirectory files = new PrivateDirectory(directory);
    Optional<String> certificate = files.read(CERTIFICATE);
    if (certificate.isEmpty()) {
      return Optional.empty();
    }
    try {
      JsonObject controller = Json.readObject(required(files, CONTROLLER));
      return Optional.of(
          new Enrolment(
              URI.create(controller.string("url")),
              controller.string("hostId"),
              controller.string("name"),
              Pem.certificate(required(files, AUTHORITY)),
              Pem.privateKey(required(files, KEY)),
              Pem.certificate(certificate.get())));
    } catch (GeneralSecurityException | JsonException | IllegalArgumentException e) {
      throw new OperatorError(
          "What this host knows of its controller, in "
              + directory
              + ", is damaged ("
              + e.getMessage()
              + "). Join again with 'agent join --anew URL TOKEN'.",
          e);
    }
  }

  SSLContext tls() {
    return Tls.ofHost(authority, key, certificate);
  }

  private static String required(PrivateDirectory files, String name) {
    return files.read(name).orElseThrow(() -> new JsonException(name + " is missing"));
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "Enrolment[" + name + " at " + controller + "]";
  }
}
