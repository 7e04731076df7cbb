package dev.slipway.controller.fleet;

import dev.slipway.controller.identity.Operator;
import io.dropwizard.auth.Auth;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.util.Optional;

/**
 * What happens, as it happens: server-sent events whose id is the event's number. {@code
 * Last-Event-ID} goes on after one; without it only news is sent. (0 tells everything.)
 */
@Path("/api/v1/events")
@Produces(MediaType.SERVER_SENT_EVENTS)
public final class EventsResource {
  private final EventStreams streams;

  /** Sends what these streams carry. */
  public EventsResource(EventStreams streams) {
    this.streams = streams;
  }

  /** Everything. */
  @GET
  public void all(
      @Auth Operator operator,
      @Context SseEventSink sink,
      @Context Sse sse,
      @Context HttpServletResponse response,
      @HeaderParam("Last-Event-ID") String lastEventId) {
    Optional<Long> after = after(lastEventId);
    doNotHoldBack(response);
    streams.add(sink, sse, Optional.empty(), after);
  }

  /** A proxy that collects the answer before passing it on would make "live" a joke. */
  static void doNotHoldBack(HttpServletResponse response) {
    response.setHeader("X-Accel-Buffering", "no");
    response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
  }

  /** The event that a listener says it has heard last. */
  static Optional<Long> after(String lastEventId) {
    if (lastEventId == null || lastEventId.isBlank()) {
      return Optional.empty();
    }
    if (!lastEventId.matches("[0-9]{1,18}")) {
      throw FleetRefused.badRequest(
          "'" + lastEventId + "' is no Last-Event-ID: it is the number of an event.");
    }
    return Optional.of(Long.parseLong(lastEventId));
  }
}
