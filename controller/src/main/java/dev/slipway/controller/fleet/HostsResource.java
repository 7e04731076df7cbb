package dev.slipway.controller.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.controller.fleet.engine.Host;
import dev.slipway.controller.fleet.engine.State;
import dev.slipway.controller.identity.Operator;
import io.dropwizard.auth.Auth;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Hosts, for operators. */
@Path("/api/v1/hosts")
@Produces(MediaType.APPLICATION_JSON)
public final class HostsResource {
  /** Why a host is cleared. */
  public record Clearing(Optional<String> reason) {}

  private final Fleet fleet;

  /** Answers for this fleet. */
  public HostsResource(Fleet fleet) {
    this.fleet = fleet;
  }

  /** All hosts that a selector chooses, by name; those that were revoked only when asked for. */
  @GET
  public List<HostView> list(
      @Auth Operator operator,
      @QueryParam("selector") @DefaultValue("all") String selector,
      @QueryParam("revoked") boolean withRevoked) {
    Selector chosen = Selector.parse(selector);
    State state = fleet.state();
    return state.hosts().values().stream()
        .filter(host -> withRevoked || !host.revoked())
        .filter(host -> chosen.matches(host.labels()))
        .sorted(Comparator.comparing(Host::name))
        .map(host -> HostView.of(host, state))
        .toList();
  }

  /** One host, by name or id. */
  @GET
  @Path("/{host}")
  public HostView show(@Auth Operator operator, @PathParam("host") String name) {
    return HostView.of(known(name), fleet.state());
  }

  /**
   * Clears what is held against a host, so that releases that failed on it may be offered again, or
   * writes a lost host off.
   */
  @POST
  @Path("/{host}/clear")
  @Consumes(MediaType.APPLICATION_JSON)
  public HostView clear(@Auth Operator operator, @PathParam("host") String name, JsonNode body) {
    String reason =
        StrictJson.read(body, Clearing.class)
            .reason()
            .filter(text -> !text.isBlank())
            .orElseThrow(() -> FleetRefused.badRequest("Say why: \"reason\" must not be empty."));
    Host cleared = fleet.clear(known(name).id(), operator.getName(), reason);
    return HostView.of(cleared, fleet.state());
  }

  private Host known(String name) {
    return fleet
        .state()
        .hostCalled(name)
        .orElseThrow(
            () ->
                FleetRefused.unknown(
                    "There is no host '" + name + "'. 'controller host list' shows all."));
  }
}
