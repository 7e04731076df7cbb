package dev.slipway.controller.identity;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.auth.Auth;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.Map;

/** Where an operator gets join tokens. */
@Path("/api/v1/join-tokens")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class JoinTokenResource {
  private final JoinTokens tokens;

  public JoinTokenResource(JoinTokens tokens) {
    this.tokens = tokens;
  }

  /** What is asked for; without labels there are none. */
  public record Wanted(
      @JsonProperty(required = true) int uses,
      @JsonProperty(required = true) long expiresInSeconds,
      Map<String, String> labels) {
    /** Reads an absent object as an empty one. */
    public Wanted {
      labels = labels == null ? Map.of() : Map.copyOf(labels);
    }
  }

  /** The one time that the token is shown. */
  public record Made(String token) {}

  /** Makes a token. */
  @POST
  public Made create(@Auth Operator operator, Wanted wanted) {
    if (wanted == null) {
      throw new BadRequestException("Say how often and how long the token can be used.");
    }
    return new Made(
        tokens.create(
            wanted.labels(), wanted.uses(), Duration.ofSeconds(wanted.expiresInSeconds())));
  }
}
