package dev.slipway.controller.web;

import dev.slipway.controller.fleet.Fleet;
import dev.slipway.controller.fleet.FleetStore;
import dev.slipway.controller.fleet.engine.Rollout;
import dev.slipway.controller.fleet.engine.RolloutId;
import dev.slipway.controller.identity.Operator;
import io.dropwizard.auth.Auth;
import io.dropwizard.views.common.View;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;

/** The pages. */
@Path("/")
@Produces(MediaType.TEXT_HTML)
public final class PagesResource {
  private static final int EVENTS = 50;

  private final Fleet fleet;
  private final FleetStore store;

  /** Shows this fleet. */
  public PagesResource(Fleet fleet, FleetStore store) {
    this.fleet = fleet;
    this.store = store;
  }

  /** Every host, findings first. */
  @GET
  public Response fleet(@Auth Operator operator) {
    return page(200, FleetPage.of(fleet.state(), fleet.now()));
  }

  /** One rollout. */
  @GET
  @Path("/rollouts/{id}")
  public Response rollout(@Auth Operator operator, @PathParam("id") String id) {
    Optional<Rollout> rollout = RolloutId.parse(id).flatMap(fleet.state()::rollout);
    if (rollout.isEmpty()) {
      return page(404, new MissingPage("There is no rollout '" + id + "'."));
    }
    return page(
        200,
        RolloutPage.of(
            rollout.get(),
            fleet.state(),
            fleet.now(),
            store.lastEvents(rollout.get().id(), EVENTS)));
  }

  private static Response page(int status, View view) {
    return Response.status(status)
        .entity(view)
        .header("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'")
        .header("X-Content-Type-Options", "nosniff")
        .header("Referrer-Policy", "no-referrer")
        .header("Cache-Control", "no-store")
        .build();
  }
}
