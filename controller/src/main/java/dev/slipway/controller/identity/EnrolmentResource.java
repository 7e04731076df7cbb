package dev.slipway.controller.identity;

import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Where hosts join. The only address for agents that asks for no certificate. */
@Path("/agent/v1/enrol")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class EnrolmentResource {
  private final Enrolment enrolment;

  public EnrolmentResource(Enrolment enrolment) {
    this.enrolment = enrolment;
  }

  /** Lets a host join. */
  @POST
  public Enrolment.Enrolled enrol(Enrolment.Request request) {
    if (request == null) {
      throw new BadRequestException("The request has no body.");
    }
    return enrolment.enrol(request);
  }
}
