package dev.slipway.controller.source.registry;

import java.io.IOException;
import java.net.URI;
import java.util.Optional;

/**
 * Where a registry is asked. By HTTPS; one on this machine, or that the operator listed, by plain
 * HTTP when HTTPS is not to be had there, as the docker command has it.
 */
final class RegistryAddress {
  private final String host;
  private final boolean plainAllowed;
  private Optional<URI> found = Optional.empty();

  RegistryAddress(String host, boolean plainAllowed) {
    this.host = host;
    this.plainAllowed = plainAllowed;
  }

  /** The first call finds out. */
  URI find(RegistryHttp http) throws IOException {
    if (found.isEmpty()) {
      URI secure = URI.create("https://" + host);
      found = Optional.of(plainAllowed && !answers(secure, http) ? plain() : secure);
    }
    return found.get();
  }

  private URI plain() {
    return URI.create("http://" + host);
  }

  private static boolean answers(URI secure, RegistryHttp http) throws IOException {
    try {
      http.probe(secure.resolve("/v2/"));
      return true;
    } catch (IOException e) {
      // HTTPS is to be had, but by nobody knows whom: no reason to give up on it.
      if (RegistryHttp.isUntrusted(e) || RegistryHttp.isClientUnknown(e)) {
        throw e;
      }
      return false;
    }
  }
}
