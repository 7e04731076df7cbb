package dev.slipway.controller.server;

import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/**
 * Takes no order from a page of another site: a browser that knows the operator's token sends it
 * along with whatever any page asks for.
 *
 * <p>Browsers say where a request comes from in {@code Sec-Fetch-Site} (Fetch Metadata) and {@code
 * Origin} (RFC 6454); other clients send neither. To look is harmless: no other site is let read an
 * answer.
 */
@PreMatching
final class OwnPagesOnly implements ContainerRequestFilter {
  private static final Set<String> LOOKING = Set.of("GET", "HEAD", "OPTIONS");
  private static final Set<String> OWN = Set.of("same-origin", "none");
  private static final int HTTPS = 443;

  @Override
  public void filter(ContainerRequestContext request) {
    if (LOOKING.contains(request.getMethod())) {
      return;
    }
    boolean elsewhere =
        header(request, "Sec-Fetch-Site").filter(site -> !OWN.contains(site)).isPresent();
    Optional<String> origin = header(request, "Origin");
    URI self = request.getUriInfo().getBaseUri();
    if (elsewhere || origin.filter(from -> !isOrigin(from, self)).isPresent()) {
      throw new ForbiddenException(
          "This comes from "
              + origin.map(from -> "a page of " + from).orElse("a page of another site")
              + ", and the controller takes orders from none but its own; give it with the command"
              + " 'controller'.");
    }
  }

  private static Optional<String> header(ContainerRequestContext request, String name) {
    return Optional.ofNullable(request.getHeaderString(name));
  }

  private static boolean isOrigin(String text, URI self) {
    try {
      URI origin = URI.create(text);
      return self.getScheme().equalsIgnoreCase(origin.getScheme())
          && isSameHost(self, origin)
          && port(self) == port(origin);
    } catch (IllegalArgumentException e) {
      // Among them "null", by which a browser conceals where a page is from, and lists of origins.
      return false;
    }
  }

  /** An address that names no host, as one with an underscore does, is nobody's own. */
  private static boolean isSameHost(URI self, URI origin) {
    return Optional.ofNullable(self.getHost())
        .filter(host -> host.equalsIgnoreCase(origin.getHost()))
        .isPresent();
  }

  private static int port(URI uri) {
    return uri.getPort() < 0 ? HTTPS : uri.getPort();
  }
}
