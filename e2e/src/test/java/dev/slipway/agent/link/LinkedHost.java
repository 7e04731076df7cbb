package dev.slipway.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.controller.identity.CertificateAuthority;
import dev.slipway.controller.identity.OperatorToken;
import dev.slipway.controller.registry.OciImageWriter;
import dev.slipway.controller.server.ControllerServer;
import dev.slipway.image.ImageConfig;
import dev.slipway.release.ReleaseDescription;
import dev.slipway.release.ReleaseManifest;
import dev.slipway.release.ReleaseName;
import dev.slipway.tree.Digest;
import dev.slipway.tree.Manifest;
import dev.slipway.tree.TreeScanner;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * A host and a real controller, with real TLS between them. Only the host's disk is not there: its
 * slots are directories.
 */
abstract class LinkedHost {
  private static final long SEED = 20261121;
  static final String MACHINE = "0123456789abcdef0123456789abcdef";

  @TempDir Path directory;
  ControllerServer controller;
  DirectoryHost host;

  @BeforeEach
  void start() throws Exception {
    controller = startController(directory.resolve("controller"));
    host = new DirectoryHost(directory.resolve("host"));
  }

  @AfterEach
  void stop() {
    controller.close();
  }

  static ControllerServer startController(Path place) throws Exception {
    Files.createDirectories(place);
    Path config = place.resolve("config.yml");
    Files.writeString(
        config, "data: " + place.resolve("data") + "\nport: 0\nlogging: {level: WARN}\n");
    return ControllerServer.start(config);
  }

  String url() {
    return "https://localhost:" + controller.port();
  }

  Enrolment join(String token) throws InterruptedException {
    return joiningAs(MACHINE).join(url(), token, false);
  }

  /** As another machine each time: the same one may not join twice. */
  Joining joining() {
    return joiningAs(UUID.randomUUID().toString().replace("-", ""));
  }

  Joining joiningAs(String machineId) {
    return new Joining(host.enrolmentDirectory(), machineId, "web1");
  }

  ControllerLink link() {
    return new ControllerLink(
        host, Enrolment.read(host.enrolmentDirectory()).orElseThrow(), System.err::println);
  }

  String token(int uses) throws Exception {
    return token(request("/api/v1/join-tokens"), client(), uses);
  }

  /** Of another controller, whose files are in that directory. */
  String token(String place, ControllerServer other) throws Exception {
    Path data = directory.resolve(place + "/data");
    return token(
        request("https://localhost:" + other.port(), data, "/api/v1/join-tokens"), client(data), 1);
  }

  static String token(HttpRequest.Builder request, HttpClient client, int uses) throws Exception {
    String wanted = "{\"uses\":" + uses + ",\"expiresInSeconds\":3600,\"labels\":{}}";
    HttpResponse<String> made =
        client.send(
            request
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(wanted))
                .build(),
            BodyHandlers.ofString());
    return new ObjectMapper().readTree(made.body()).path("token").asText();
  }

  HttpResponse<String> asOperator(String method, String path, String body) throws Exception {
    return client()
        .send(
            request(path)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString());
  }

  int put(String path, byte[] body) throws Exception {
    return client()
        .send(request(path).PUT(BodyPublishers.ofByteArray(body)).build(), BodyHandlers.ofString())
        .statusCode();
  }

  HttpRequest.Builder request(String path) {
    return request(url(), directory.resolve("controller/data"), path);
  }

  static HttpRequest.Builder request(String url, Path data, String path) {
    String credentials = "operator:" + OperatorToken.read(data).text();
    return HttpRequest.newBuilder(URI.create(url + path))
        .header(
            "Authorization",
            "Basic "
                + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
  }

  HttpClient client() throws Exception {
    return client(directory.resolve("controller/data"));
  }

  static HttpClient client(Path data) throws Exception {
    return HttpClient.newBuilder()
        .sslContext(Tls.pinned(CertificateAuthority.openOrCreate(data).fingerprint()))
        .build();
  }

  record Published(ReleaseName name, Digest digest, Digest tree, Digest layer) {}

  Published publish(String name) throws Exception {
    ReleaseName release = ReleaseName.parse(name);
    Path tree = Files.createDirectories(directory.resolve("tree/etc")).getParent();
    byte[] noise = new byte[400_000];
    new SplittableRandom(SEED).nextBytes(noise);
    Files.write(tree.resolve("noise"), noise);
    Files.writeString(tree.resolve("etc/os-release"), "ID=test\n");
    Digest treeDigest = manifestOf(tree).digest();
    Path layout = Files.createDirectory(directory.resolve("layout"));
    ReleaseManifest manifest =
        OciImageWriter.write(
            tree,
            ImageConfig.NONE,
            new ReleaseDescription(release, treeDigest, "6.1.0-50-amd64").annotations(),
            release.version(),
            layout,
            read -> {});
    for (Digest digest : List.of(manifest.config().digest(), manifest.layer().digest())) {
      byte[] blob = Files.readAllBytes(OciImageWriter.blob(layout, digest));
      assertThat(put("/v2/web/blobs/uploads/x?digest=" + digest, blob)).isEqualTo(201);
    }
    assertThat(put("/v2/web/manifests/" + release.version(), manifest.write())).isEqualTo(201);
    return new Published(
        release, Digest.of(manifest.write()), treeDigest, manifest.layer().digest());
  }

  static Manifest manifestOf(Path tree) {
    try (var entries = TreeScanner.of(tree)) {
      return Manifest.of(entries);
    }
  }
}
