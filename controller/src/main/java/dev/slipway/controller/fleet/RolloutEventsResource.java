package dev.slipway.controller.fleet;

import dev.slipway.controller.fleet.engine.RolloutId;
import dev.slipway.controller.identity.Operator;
import io.dropwizard.auth.Auth;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.util.Optional;

/** What happens in one rollout, as it happens; see {@link EventsResource}. */
@Path("/api/v1/rollouts/{id}/events")
@Produces(MediaType.SERVER_SENT_EVENTS)
public final class RolloutEventsResource {
  private final Fleet fleet;
  private final EventStreams streams;

  /** Sends what these streams carry. */
  public RolloutEventsResource(Fleet fleet, EventStreams streams) {
    this.fleet = fleet;
    this.streams = streams;
  }

  /** Its events. */
  @GET
  public void events(
      @Auth Operator operator,
      @PathParam("id") String id,
      @Context SseEventSink sink,
      @Context Sse sse,
      @Context HttpServletResponse response,
      @HeaderParam("Last-Event-ID") String lastEventId) {
    RolloutId rollout =
        RolloutId.parse(id)
            .filter(number -> fleet.state().rollout(number).isPresent())
            .orElseThrow(() -> FleetRefused.unknown("There is no rollout '" + id + "'."));
    Optional<Long> after = EventsResource.after(lastEventId);
    EventsResource.doNotHoldBack(response);
    streams.add(sink, sse, Optional.of(rollout), after);
  }
}
