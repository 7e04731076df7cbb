package dev.slipway.controller.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.controller.identity.OperatorToken;
import dev.slipway.controller.server.TestServer;
import dev.slipway.image.ImageConfig;
import dev.slipway.linux.Command;
import dev.slipway.release.ReleaseDescription;
import dev.slipway.release.ReleaseManifest;
import dev.slipway.release.ReleaseName;
import dev.slipway.tree.Digest;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryTest {
  private static final long SEED = 20261121;

  @TempDir private static Path directory;
  private static TestServer server;
  private static Path layout;
  private static ReleaseManifest manifest;

  @BeforeAll
  static void publish() throws Exception {
    server = new TestServer(directory);
    layout = Files.createDirectory(directory.resolve("layout"));
    manifest = write("web:2", layout);
    assertThat(upload(manifest.layer().digest()).statusCode()).isEqualTo(201);
    assertThat(upload(manifest.config().digest()).statusCode()).isEqualTo(201);
    assertThat(putManifest("web", "2", manifest.write()).statusCode()).isEqualTo(201);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void skopeoPullsWhatWasPublishedAndFindsItWhole(@TempDir Path target) throws Exception {
    Path certificates = Files.createDirectory(target.resolve("certs"));
    Files.copy(server.data().resolve("ca.crt"), certificates.resolve("ca.crt"));
    Command.of(
            "skopeo",
            "copy",
            "--src-creds",
            "operator:" + OperatorToken.read(server.data()).text(),
            "--src-cert-dir",
            certificates.toString(),
            "docker://localhost:" + server.port() + "/web:2",
            "oci:" + target.resolve("pulled") + ":2")
        .run();
    for (Digest digest :
        new Digest[] {
          Digest.of(manifest.write()), manifest.config().digest(), manifest.layer().digest()
        }) {
      assertThat(OciImageWriter.blob(target.resolve("pulled"), digest))
          .hasSameBinaryContentAs(OciImageWriter.blob(layout, digest));
    }
  }

  @Test
  void manifestComesByVersionAndByDigestWithItsTypeAndDigest() throws Exception {
    String digest = Digest.of(manifest.write()).toString();
    for (String reference : new String[] {"2", digest}) {
      HttpResponse<byte[]> got = get("/v2/web/manifests/" + reference);
      assertThat(got.statusCode()).isEqualTo(200);
      assertThat(got.body()).isEqualTo(manifest.write());
      assertThat(got.headers().firstValue("Content-Type")).contains(ReleaseManifest.MEDIA_TYPE);
      assertThat(got.headers().firstValue("Docker-Content-Digest")).contains(digest);

      HttpResponse<byte[]> head = send("HEAD", "/v2/web/manifests/" + reference, new byte[0]);
      assertThat(head.statusCode()).isEqualTo(200);
      assertThat(head.headers().firstValue("Content-Length"))
          .contains(Integer.toString(manifest.write().length));
      assertThat(head.headers().firstValue("Docker-Content-Digest")).contains(digest);
    }
  }

  @Test
  void blobHeadSaysTheSize() throws Exception {
    HttpResponse<byte[]> head = send("HEAD", blobPath(manifest.layer().digest()), new byte[0]);
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValue("Content-Length"))
        .contains(Long.toString(manifest.layer().size()));
  }

  @Test
  void rangesAreThePartsThatTheyName() throws Exception {
    byte[] whole = Files.readAllBytes(OciImageWriter.blob(layout, manifest.layer().digest()));
    int size = whole.length;
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < 40; i++) {
      int from = random.nextInt(size);
      int to = random.nextInt(from, size);
      assertRange("bytes=" + from + "-" + to, whole, from, to + 1);
    }
    assertRange("bytes=7-", whole, 7, size);
    assertRange("bytes=-5", whole, size - 5, size);
    assertRange("bytes=3-" + (size + 100), whole, 3, size);
    assertRange("bytes=-" + (size + 100), whole, 0, size);

    HttpResponse<byte[]> outside = range("bytes=" + size + "-");
    assertThat(outside.statusCode()).isEqualTo(416);
    assertThat(outside.headers().firstValue("Content-Range")).contains("bytes */" + size);
    for (String ignored : new String[] {"bytes=1-2,5-6", "bytes=a-b", "lines=1-2", "bytes=-"}) {
      assertThat(range(ignored).body()).as(ignored).isEqualTo(whole);
    }
  }

  @Test
  void whatIsNotThereIsNotFoundInTheRegistrysOwnWords() throws Exception {
    assertError(get("/v2/web/manifests/3"), 404, "MANIFEST_UNKNOWN");
    assertError(get("/v2/db/manifests/2"), 404, "MANIFEST_UNKNOWN");
    assertError(get("/v2/web/manifests/" + Digest.of(new byte[1])), 404, "MANIFEST_UNKNOWN");
    assertError(get(blobPath(Digest.of(new byte[1]))), 404, "BLOB_UNKNOWN");
    assertError(get("/v2/web/blobs/sha512:00"), 400, "DIGEST_INVALID");
    assertError(get("/v2/db/tags/list"), 404, "NAME_UNKNOWN");
    assertThat(new String(get("/v2/web/tags/list").body(), StandardCharsets.UTF_8))
        .contains("\"tags\":[\"2\"]");
  }

  @Test
  void truncatedOrChangedBlobIsRefusedAndLeavesNothing() throws Exception {
    byte[] layer = new byte[300_000];
    Arrays.fill(layer, (byte) 7);
    Digest digest = Digest.of(layer);
    byte[] changed = layer.clone();
    changed[1000] ^= 1;
    for (byte[] wrong : new byte[][] {Arrays.copyOf(layer, layer.length - 1), changed, {}}) {
      HttpResponse<byte[]> answer = send("PUT", "/v2/web/blobs/uploads/x?digest=" + digest, wrong);
      assertError(answer, 400, "DIGEST_INVALID");
    }
    assertError(get(blobPath(digest)), 404, "BLOB_UNKNOWN");
    try (Stream<Path> incoming = Files.list(server.data().resolve("blobs/incoming"))) {
      assertThat(incoming).isEmpty();
    }
  }

  @Test
  void versionKeepsItsMeaningForEver() throws Exception {
    assertThat(putManifest("web", "2", manifest.write()).statusCode())
        .as("the same again")
        .isEqualTo(201);
    ReleaseManifest changed =
        new ReleaseManifest(
            manifest.config(),
            manifest.layer(),
            new ReleaseDescription(
                    ReleaseName.parse("web:2"), Digest.of(new byte[9]), "6.1.0-50-amd64")
                .annotations());
    assertError(putManifest("web", "2", changed.write()), 409, "DENIED");
    assertThat(get("/v2/web/manifests/2").body()).isEqualTo(manifest.write());
  }

  @Test
  void onlyWholeReleasesArePublished() throws Exception {
    ReleaseManifest.Descriptor missing =
        new ReleaseManifest.Descriptor(
            ReleaseManifest.LAYER_TYPE, Digest.of("missing".getBytes(StandardCharsets.UTF_8)), 7);
    Map<String, String> annotations =
        new ReleaseDescription(ReleaseName.parse("web:9"), Digest.of(new byte[9]), "6.1")
            .annotations();
    for (byte[] bad :
        new byte[][] {
          new ReleaseManifest(manifest.config(), missing, annotations).write(),
          new ReleaseManifest(manifest.config(), manifest.layer(), Map.of()).write(),
          manifest.write(),
          {'{'}
        }) {
      assertError(putManifest("web", "9", bad), 400, "MANIFEST_INVALID");
    }
    assertError(get("/v2/web/manifests/9"), 404, "MANIFEST_UNKNOWN");
  }

  @Test
  void aNameThatNoReleaseCanHaveIsRefusedInTheRegistrysOwnWords() throws Exception {
    String digest = Digest.of(new byte[0]).toString();
    for (String name : new String[] {"web%201", "Web", "web._1", "-web", "team/web", "a/b/c"}) {
      assertError(send("POST", "/v2/" + name + "/blobs/uploads", new byte[0]), 400, "NAME_INVALID");
      assertError(
          send("PUT", "/v2/" + name + "/blobs/uploads/x?digest=" + digest, new byte[0]),
          400,
          "NAME_INVALID");
      assertError(putManifest(name, "2", manifest.write()), 400, "NAME_INVALID");
      assertError(get("/v2/" + name + "/manifests/2"), 400, "NAME_INVALID");
      assertError(get("/v2/" + name + "/tags/list"), 400, "NAME_INVALID");
      assertError(get("/v2/" + name + "/blobs/" + digest), 400, "NAME_INVALID");
    }
    assertError(get("/v2/web/blobs/" + digest), 404, "BLOB_UNKNOWN");
  }

  @Test
  void strangersGetNothing() throws Exception {
    for (String path : new String[] {"/v2/", "/v2/web/manifests/2", "/v2/web/tags/list"}) {
      HttpRequest request = HttpRequest.newBuilder(server.uri(path)).build();
      assertThat(server.client().send(request, BodyHandlers.ofString()).statusCode())
          .as(path)
          .isEqualTo(401);
    }
  }

  @Test
  void sameTreeGivesTheSameImage(@TempDir Path again) throws Exception {
    assertThat(write("web:2", again).write()).isEqualTo(manifest.write());
  }

  private static ReleaseManifest write(String name, Path target) throws Exception {
    Path tree = directory.resolve("tree");
    if (!Files.exists(tree)) {
      Files.createDirectory(tree);
      byte[] noise = new byte[500_000];
      new SplittableRandom(SEED).nextBytes(noise);
      Files.write(tree.resolve("noise"), noise);
    }
    return OciImageWriter.write(
        tree,
        ImageConfig.NONE,
        new ReleaseDescription(ReleaseName.parse(name), Digest.of(new byte[0]), "6.1.0-50-amd64")
            .annotations(),
        "2",
        target,
        read -> {});
  }

  private static HttpResponse<byte[]> upload(Digest digest) throws Exception {
    return send(
        "PUT",
        "/v2/web/blobs/uploads/x?digest=" + digest,
        Files.readAllBytes(OciImageWriter.blob(layout, digest)));
  }

  private static HttpResponse<byte[]> putManifest(String name, String version, byte[] bytes)
      throws Exception {
    return send("PUT", "/v2/" + name + "/manifests/" + version, bytes);
  }

  private static HttpResponse<byte[]> get(String path) throws Exception {
    return send("GET", path, new byte[0]);
  }

  private static HttpResponse<byte[]> send(String method, String path, byte[] body)
      throws Exception {
    return server
        .client()
        .send(
            HttpRequest.newBuilder(server.uri(path))
                .header("Authorization", server.operator())
                .method(method, BodyPublishers.ofByteArray(body))
                .build(),
            BodyHandlers.ofByteArray());
  }

  private static HttpResponse<byte[]> range(String header) throws Exception {
    return server
        .client()
        .send(
            HttpRequest.newBuilder(server.uri(blobPath(manifest.layer().digest())))
                .header("Authorization", server.operator())
                .header("Range", header)
                .build(),
            BodyHandlers.ofByteArray());
  }

  private static void assertRange(String header, byte[] whole, int from, int to) throws Exception {
    HttpResponse<byte[]> answer = range(header);
    assertThat(answer.statusCode()).as(header).isEqualTo(206);
    assertThat(answer.headers().firstValue("Content-Range"))
        .contains("bytes " + from + "-" + (to - 1) + "/" + whole.length);
    assertThat(answer.body()).as(header).isEqualTo(Arrays.copyOfRange(whole, from, to));
  }

  private static void assertError(HttpResponse<byte[]> answer, int status, String code) {
    String body = new String(answer.body(), StandardCharsets.UTF_8);
    assertThat(answer.statusCode()).as(body).isEqualTo(status);
    assertThat(body).contains("\"errors\"").contains(code);
  }

  private static String blobPath(Digest digest) {
    return "/v2/web/blobs/" + digest;
  }
}
