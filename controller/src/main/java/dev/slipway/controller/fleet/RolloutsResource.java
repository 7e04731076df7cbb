package dev.slipway.controller.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.controller.fleet.engine.Rollout;
import dev.slipway.controller.fleet.engine.RolloutId;
import dev.slipway.controller.fleet.engine.RolloutSignal;
import dev.slipway.controller.fleet.engine.RolloutTransitions;
import dev.slipway.controller.identity.Operator;
import io.dropwizard.auth.Auth;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Rollouts, for operators. */
@Path("/api/v1/rollouts")
@Produces(MediaType.APPLICATION_JSON)
public final class RolloutsResource {
  /** Why a person orders something; optional. */
  public record Order(Optional<String> reason) {}

  private final Fleet fleet;
  private final Rollouts rollouts;

  /** Answers for this fleet. */
  public RolloutsResource(Fleet fleet, Rollouts rollouts) {
    this.fleet = fleet;
    this.rollouts = rollouts;
  }

  /** All rollouts, the newest first. */
  @GET
  public List<RolloutView> list(@Auth Operator operator) {
    var views =
        new ArrayList<>(fleet.state().rollouts().values().stream().map(this::view).toList());
    Collections.reverse(views);
    return views;
  }

  /** One rollout. */
  @GET
  @Path("/{id}")
  public RolloutView show(@Auth Operator operator, @PathParam("id") String id) {
    return view(fleet.state().rollout(known(id)).orElseThrow());
  }

  /** Starts one. */
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  public Response start(@Auth Operator operator, JsonNode body) {
    RolloutRequest request = StrictJson.read(body, RolloutRequest.class);
    Rollout rollout = rollouts.start(request, operator.getName());
    return Response.created(URI.create("/api/v1/rollouts/" + rollout.id()))
        .entity(view(rollout))
        .build();
  }

  /** Follows a person's order: pause, resume, rollback or cancel. */
  @POST
  @Path("/{id}/{order}")
  public RolloutView order(
      @Auth Operator operator,
      @PathParam("id") String id,
      @PathParam("order") String word,
      JsonNode body) {
    String reason = StrictJson.read(body, Order.class).reason().orElse("");
    return view(fleet.order(known(id), signal(word), operator.getName(), reason));
  }

  private static RolloutSignal signal(String word) {
    return RolloutTransitions.ORDERS.stream()
        .filter(order -> order.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                FleetRefused.unknown(
                    "'"
                        + word
                        + "' is no order for a rollout: they are pause, resume, rollback and"
                        + " cancel."));
  }

  private RolloutId known(String id) {
    return RolloutId.parse(id)
        .filter(number -> fleet.state().rollout(number).isPresent())
        .orElseThrow(
            () ->
                FleetRefused.unknown(
                    "There is no rollout '"
                        + id
                        + "'. 'controller rollout list' shows all; their names are r1, r2, ..."));
  }

  private RolloutView view(Rollout rollout) {
    return RolloutView.of(rollout, fleet.state(), fleet.now());
  }
}
