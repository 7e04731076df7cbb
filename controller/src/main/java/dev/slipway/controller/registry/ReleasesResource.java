package dev.slipway.controller.registry;

import dev.slipway.controller.identity.Operator;
import io.dropwizard.auth.Auth;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** Where an operator sees what was published. */
@Path("/api/v1/releases")
@Produces(MediaType.APPLICATION_JSON)
public final class ReleasesResource {
  private final Releases releases;

  public ReleasesResource(Releases releases) {
    this.releases = releases;
  }

  /** A release in the API's words; times as in ISO 8601. */
  public record View(
      String release,
      String name,
      String version,
      String digest,
      String tree,
      String kernelVersion,
      long sizeBytes,
      String publishedAt) {
    private static View of(Release release) {
      return new View(
          release.name().toString(),
          release.name().name(),
          release.name().version(),
          release.digest().toString(),
          release.tree().toString(),
          release.kernelVersion(),
          release.sizeBytes(),
          release.publishedAt().toString());
    }
  }

  /** All releases, the newest first. */
  @GET
  public List<View> list(@Auth Operator operator) {
    return releases.list().stream().map(View::of).toList();
  }
}
