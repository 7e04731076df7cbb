package dev.slipway.agent.link;

import dev.slipway.json.Json;
import dev.slipway.json.JsonException;
import dev.slipway.json.JsonObject;
import dev.slipway.linux.OperatorError;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * Whom this host has joined and as whom: {@code enrolment.json} in the directory {@code agent} of
 * the data partition, the same for every slot. One file, so that one enrolment takes the place of
 * another as a whole or not at all.
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
  static final String FILE = "enrolment.json";

  /**
   * What the directory holds.
   *
   * @return empty when this host has not joined a controller
   * @throws OperatorError when what it holds is damaged
   */
  public static Optional<Enrolment> read(Path directory) {
    return new PrivateDirectory(directory).read(FILE).map(text -> parse(text, directory));
  }

  private static Enrolment parse(String text, Path directory) {
    try {
      JsonObject json = Json.readObject(text);
      return new Enrolment(
          URI.create(json.string("url")),
          json.string("hostId"),
          json.string("name"),
          Pem.certificate(json.string("ca")),
          Pem.privateKey(json.string("key")),
          Pem.certificate(json.string("certificate")));
    } catch (GeneralSecurityException | JsonException | IllegalArgumentException e) {
      throw new OperatorError(
          "What this host knows of its controller, in "
              + directory.resolve(FILE)
              + ", is damaged ("
              + e.getMessage()
              + "). Join again with 'agent join --anew URL TOKEN'.",
          e);
    }
  }

  /** Takes the place of whatever enrolment the directory holds. */
  void write(Path directory) {
    PrivateDirectory files = new PrivateDirectory(directory);
    try (PrivateDirectory.Lock lock = files.lock()) {
      write(files);
    }
  }

  /**
   * Takes the place of the same host's earlier enrolment.
   *
   * @return false when the host has joined anew since; then nothing was changed
   */
  boolean replace(Path directory, Enrolment earlier) {
    PrivateDirectory files = new PrivateDirectory(directory);
    try (PrivateDirectory.Lock lock = files.lock()) {
      boolean holds = earlier.holdsIn(directory);
      if (holds) {
        write(files);
      }
      return holds;
    }
  }

  private void write(PrivateDirectory files) {
    files.write(
        FILE,
        JsonObject.EMPTY
            .with("url", controller.toString())
            .with("hostId", hostId)
            .with("name", name)
            .with("ca", Pem.write(authority))
            .with("certificate", Pem.write(certificate))
            .with("key", Pem.write(key))
            .writePretty());
  }

  /**
   * Whether the directory still holds this host as this one, and not as what it became by joining
   * anew. A file that is damaged or cannot be read says nothing against it.
   */
  boolean holdsIn(Path directory) {
    try {
      return read(directory).filter(now -> now.hostId().equals(hostId)).isPresent();
    } catch (OperatorError | UncheckedIOException unknown) {
      return true;
    }
  }

  SSLContext tls() {
    return Tls.ofHost(authority, key, certificate);
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "Enrolment[" + name + " at " + controller + "]";
  }
}
