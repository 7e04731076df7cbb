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
  private final Runnable afterwards;

  /**
   * Revokes these hosts.
   *
   * @param afterwards what is to run when one was revoked
   */
  public HostRevocationResource(Hosts hosts, Runnable afterwards) {
    this.hosts = hosts;
    this.afterwards = afterwards;
  }

  /** Revokes the host's certificate; it takes effect with its next request. */
  @POST
  public void revoke(@Auth Operator operator, @PathParam("id") UUID id) {
    if (!hosts.revoke(id)) {
      throw new NotFoundException("There is no host " + id + " that is not revoked already.");
    }
    afterwards.run();
  }
}
