package dev.slipway.controller.identity;

import io.dropwizard.auth.Auth;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;

/**
 * Where a host that has joined gets a new certificate before its old one ends. It is for the key
 * that the connection was made with, so an answer that gets lost costs nothing: the old certificate
 * stays valid.
 */
@Path("/agent/v1/renew")
@Produces(MediaType.APPLICATION_JSON)
public final class RenewalResource {
  private final CertificateAuthority authority;

  public RenewalResource(CertificateAuthority authority) {
    this.authority = authority;
  }

  /** A new certificate, as PEM. */
  public record Renewed(String certificate) {}

  /** Gives the host that asks a new certificate. */
  @POST
  public Renewed renew(@Auth EnrolledHost host, @Context ContainerRequestContext request) {
    return Authentication.certificateOf(request)
        .map(shown -> authority.issueForHost(host.id(), shown.getPublicKey()))
        .map(CertificateAuthority::pem)
        .map(Renewed::new)
        .orElseThrow(() -> new IllegalStateException("a host without a certificate"));
  }
}
