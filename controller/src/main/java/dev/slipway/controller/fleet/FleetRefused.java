package dev.slipway.controller.fleet;

import dev.slipway.controller.fleet.engine.Effect;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.util.List;

/**
 * The fleet does not do what was asked. As an answer it is a problem (RFC 9457) with the state that
 * forbids it and what is allowed instead.
 */
public final class FleetRefused extends WebApplicationException {
  /** The fields of the answer. */
  record Problem(String title, int status, String detail, String state, List<String> allowed) {}

  private static final String TYPE = "application/problem+json";

  private FleetRefused(
      Response.Status status, String sentence, String state, List<String> allowed) {
    super(
        sentence,
        Response.status(status)
            .type(TYPE)
            .entity(
                new Problem(
                    status.getReasonPhrase(), status.getStatusCode(), sentence, state, allowed))
            .build());
  }

  static FleetRefused by(Effect.Refused refused) {
    return new FleetRefused(
        switch (refused.kind()) {
          case UNKNOWN -> Response.Status.NOT_FOUND;
          case CONFLICT -> Response.Status.CONFLICT;
        },
        refused.sentence(),
        refused.state(),
        refused.allowed());
  }

  static FleetRefused unknown(String sentence) {
    return new FleetRefused(Response.Status.NOT_FOUND, sentence, "", List.of());
  }

  static FleetRefused badRequest(String sentence) {
    return new FleetRefused(Response.Status.BAD_REQUEST, sentence, "", List.of());
  }

  static FleetRefused conflict(String sentence) {
    return new FleetRefused(Response.Status.CONFLICT, sentence, "", List.of());
  }
}
