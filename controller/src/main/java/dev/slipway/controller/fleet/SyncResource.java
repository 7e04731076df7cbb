package dev.slipway.controller.fleet;

import dev.slipway.controller.fleet.engine.Desired;
import dev.slipway.controller.fleet.engine.HostId;
import dev.slipway.controller.fleet.engine.State;
import dev.slipway.controller.identity.EnrolledHost;
import io.dropwizard.auth.Auth;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Where agents report and hear what to run: one exchange for both, see docs/protocol.md. */
@Path("/agent/v1/sync")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class SyncResource {
  private final Fleet fleet;
  private final FleetSettings settings;

  /** Answers for this fleet. */
  public SyncResource(Fleet fleet, FleetSettings settings) {
    this.fleet = fleet;
    this.settings = settings;
  }

  /** Takes a report. Repeating one changes nothing and is answered the same. */
  @POST
  public SyncAnswer sync(@Auth EnrolledHost caller, SyncRequest request) {
    if (request == null) {
      throw FleetRefused.badRequest("The request has no body.");
    }
    var id = new HostId(caller.id().toString());
    Desired desired = fleet.sync(id, request.report());
    State state = fleet.state();
    boolean busy = state.host(id).flatMap(state::activeRollout).isPresent();
    return SyncAnswer.of(desired, busy ? settings.busySeconds() : settings.idleSeconds());
  }
}
