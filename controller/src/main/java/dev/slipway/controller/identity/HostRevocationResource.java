package dev.slipway.controller.identity;

import io.dropwizard.auth.Auth;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.UUID;

/** Where an operator takes a host's identity back. */
@Path("/api/v1/hosts/{id}/revoke")
public final class HostRevocationResource {
  private final Hosts hosts;

  public HostRevocationResource(Hosts hosts) {
    this.hosts = hosts;
  }

  /** Revokes the host's certificate; it takes effect with its next request. */
  @POST
  public void revoke(@Auth Operator operator, @PathParam("id") UUID id) {
    if (!hosts.revoke(id)) {
      throw new NotFoundException("There is no host " + id + " that is not revoked already.");
    }
  }
}
