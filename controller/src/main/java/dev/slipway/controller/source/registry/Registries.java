package dev.slipway.controller.source.registry;

import dev.slipway.image.Image;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.Set;
import java.util.function.Function;
import javax.net.ssl.SSLContext;

/** Pulls images from registries, with the logins that the docker command has. */
public final class Registries {
  private static final Path CERTIFICATES = Path.of("/etc/docker/certs.d");

  private final Function<RegistryReference, RegistryHttp> http;
  private final RegistryCredentials credentials;
  private final Set<String> plainHttp;

  /**
   * @param http by which a registry is spoken to
   */
  Registries(
      Function<RegistryReference, RegistryHttp> http,
      RegistryCredentials credentials,
      Set<String> plainHttp) {
    this.http = http;
    this.credentials = credentials;
    this.plainHttp = Set.copyOf(plainHttp);
  }

  /**
   * With the logins and proxies of this environment, and this machine's trust and certificates.
   *
   * @param plainHttp hosts, with their port, that may be spoken to by plain HTTP beside this
   *     machine's own
   */
  public static Registries ofEnvironment(Set<String> plainHttp) {
    RegistryCertificates certificates = new RegistryCertificates(CERTIFICATES, tls());
    EnvironmentProxies proxies = new EnvironmentProxies(System.getenv());
    return new Registries(
        reference -> new RegistryHttp(certificates.tls(reference.host()), proxies, Patience.USUAL),
        RegistryCredentials.ofEnvironment(System.getenv()),
        plainHttp);
  }

  private static SSLContext tls() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has TLS", e);
    }
  }

  /**
   * Opens an image; its layers are fetched when they are read, each time.
   *
   * @throws dev.slipway.linux.OperatorError when it is not there, not to be had, damaged, or not
   *     for linux/amd64, with what to do
   */
  public Image open(RegistryReference reference) {
    boolean plainAllowed = reference.isLoopback() || plainHttp.contains(reference.host());
    RegistryHttp itsHttp = http.apply(reference);
    return RegistryBlobs.open(
        new RegistryConnection(
            reference,
            itsHttp,
            new RegistryAddress(reference.apiHost(), plainAllowed),
            new RegistryAuthorization(reference, credentials, itsHttp)));
  }
}
