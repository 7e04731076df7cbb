package dev.slipway.controller.server;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.linux.OperatorError;
import io.dropwizard.jersey.setup.JerseyEnvironment;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns what went wrong into {@code application/problem+json} (RFC 9457).
 *
 * <p>Resources throw {@link OperatorError} for what a person can put right (400, or 409 when a
 * safety rule refuses) and the exceptions of {@code jakarta.ws.rs} where the status says more.
 * Anything else is our mistake: it is logged, and the answer says nothing of it.
 */
final class Problems {
  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
  private static final String TYPE = "application/problem+json";
  private static final int REFUSED = 3;

  private Problems() {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Problem(String title, int status, String detail) {}

  static void register(JerseyEnvironment jersey) {
    jersey.register(new OfOperatorError());
    jersey.register(new OfWebApplicationException());
    jersey.register(new OfAnythingElse());
  }

  private static Response response(Response.StatusType status, String detail) {
    return Response.status(status)
        .type(TYPE)
        .entity(new Problem(status.getReasonPhrase(), status.getStatusCode(), detail))
        .build();
  }

  private static final class OfOperatorError implements ExceptionMapper<OperatorError> {
    @Override
    public Response toResponse(OperatorError error) {
      return response(
          error.exitCode() == REFUSED ? Response.Status.CONFLICT : Response.Status.BAD_REQUEST,
          error.getMessage());
    }
  }

  private static final class OfWebApplicationException
      implements ExceptionMapper<WebApplicationException> {
    @Override
    public Response toResponse(WebApplicationException error) {
      Response thrown = error.getResponse();
      if (thrown.hasEntity()) {
        return thrown;
      }
      Response.ResponseBuilder answer =
          Response.fromResponse(response(thrown.getStatusInfo(), error.getMessage()));
      thrown.getHeaders().forEach((name, values) -> values.forEach(v -> answer.header(name, v)));
      return answer.build();
    }
  }

  private static final class OfAnythingElse implements ExceptionMapper<Throwable> {
    @Override
    public Response toResponse(Throwable error) {
      LOG.error("A request failed for a reason that nobody foresaw", error);
      return response(
          Response.Status.INTERNAL_SERVER_ERROR, "The controller failed; its log says why.");
    }
  }
}
