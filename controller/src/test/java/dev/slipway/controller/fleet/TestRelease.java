package dev.slipway.controller.fleet;

import dev.slipway.controller.server.TestServer;
import dev.slipway.release.ReleaseDescription;
import dev.slipway.release.ReleaseManifest;
import dev.slipway.release.ReleaseName;
import dev.slipway.tree.Digest;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** Publishes small releases as the command does: through the registry. */
public final class TestRelease {
  private TestRelease() {}

  /** Publishes one and says its digest. */
  public static String publish(TestServer server, String release) throws Exception {
    ReleaseName name = ReleaseName.parse(release);
    byte[] config = "{}".getBytes(StandardCharsets.UTF_8);
    byte[] layer = ("the layer of " + release).getBytes(StandardCharsets.UTF_8);
    Digest tree = Digest.of(layer);
    var manifest =
        new ReleaseManifest(
            new ReleaseManifest.Descriptor(
                ReleaseManifest.CONFIG_TYPE, upload(server, name, config), config.length),
            new ReleaseManifest.Descriptor(
                ReleaseManifest.LAYER_TYPE, upload(server, name, layer), layer.length),
            new ReleaseDescription(name, tree, "6.1.0").annotations());
    put(server, "/v2/" + name.name() + "/manifests/" + name.version(), manifest.write());
    return Digest.of(manifest.write()).toString();
  }

  private static Digest upload(TestServer server, ReleaseName name, byte[] blob) throws Exception {
    String location =
        server
            .asOperator("POST", "/v2/" + name.name() + "/blobs/uploads", "")
            .headers()
            .firstValue("Location")
            .orElseThrow();
    String path = location.substring(location.indexOf("/v2/"));
    put(server, path + "?digest=" + Digest.of(blob), blob);
    return Digest.of(blob);
  }

  private static void put(TestServer server, String path, byte[] body) throws Exception {
    HttpResponse<String> answer =
        server
            .client()
            .send(
                HttpRequest.newBuilder(server.uri(path))
                    .header("Authorization", server.operator())
                    .header("Content-Type", "application/octet-stream")
                    .PUT(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() / 100 != 2) {
      throw new IllegalStateException(answer.statusCode() + " " + answer.body());
    }
  }
}
