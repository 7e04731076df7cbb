package dev.slipway.controller.source.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.controller.source.registry.TestImage.Stored;
import dev.slipway.image.Image;
import dev.slipway.image.LayerStack;
import dev.slipway.json.JsonObject;
import dev.slipway.linux.OperatorError;
import dev.slipway.tree.Digest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Registries and networks that fail, for a moment or for good. */
@Timeout(60)
class BrokenPullTest {
  private static final int SIZE = 600_000;

  @TempDir private Path work;
  private final TestImage image = new TestImage();
  private Stored top;
  private String layer;
  private ScriptedRegistry registry;

  @BeforeEach
  void registryWithAnImage() throws IOException {
    byte[] content = new byte[SIZE];
    new Random(1).nextBytes(content);
    Path tree = Files.createDirectories(work.resolve("image"));
    Files.write(tree.resolve("data"), content);
    top = image.image("amd64", TestImage.tar(tree));
    layer = image.largestBlob().toString();
    registry = new ScriptedRegistry(image, top);
  }

  @AfterEach
  void stop() throws IOException {
    registry.close();
  }

  private Image open() {
    return open(registry.host() + "/os:1");
  }

  private Image open(String reference) {
    return new Pull(work.resolve("docker")).open(reference);
  }

  private void pull() throws IOException {
    Path target = Files.createDirectory(work.resolve("tree"));
    try (Image opened = open()) {
      LayerStack.unpack(opened, target);
    }
    assertThat(target.resolve("data"))
        .hasSameBinaryContentAs(work.resolve("image").resolve("data"));
  }

  @Test
  void aLayerIsGoneOnWithWhereItsConnectionsBroke() throws IOException {
    registry
        .once(layer, ScriptedRegistry.cutAfter(100_000))
        .once(layer, ScriptedRegistry.cutAfter(1))
        .once(layer, ScriptedRegistry.cutAfter(200_000));
    pull();
    assertThat(registry.requests(layer))
        .extracting(ScriptedRegistry.Request::offset)
        .containsExactly(0, 100_000, 100_001, 300_001);
  }

  @Test
  void aConnectionThatFallsSilentIsGivenUpAndGoneOnWith() throws IOException {
    registry.once(layer, ScriptedRegistry.silentAfter(100_000));
    pull();
    assertThat(registry.requests(layer))
        .extracting(ScriptedRegistry.Request::offset)
        .containsExactly(0, 100_000);
  }

  @Test
  void aServerWithoutRangesSendsAllOfItAgain() throws IOException {
    registry
        .once(layer, ScriptedRegistry.cutAfter(100_000))
        .once(layer, request -> request.answer(200, image.blobs().get(Digest.parse(layer))));
    pull();
  }

  @Test
  void anotherPartThanTheOneAskedForIsNotTaken() throws IOException {
    registry
        .once(layer, ScriptedRegistry.cutAfter(100_000))
        .once(
            layer,
            request ->
                request.answer(206, new byte[SIZE], "Content-Range: bytes 0-9/" + (SIZE + 9)));
    pull();
    assertThat(registry.requests(layer)).hasSize(3);
  }

  @Test
  void wholeRequestsAreRepeatedWhenTheRegistryCannotAnswer() throws IOException {
    registry
        .once("/manifests/", ScriptedRegistry.status(503))
        .once("/manifests/", ScriptedRegistry.cutAfter(0))
        .times(2, layer, ScriptedRegistry.status(502));
    pull();
    assertThat(registry.requests("/manifests/").size()).isBetween(2, 3);
    assertThat(registry.requests(layer)).hasSize(3);
  }

  @Test
  void aRegistryThatAsksForTimeGetsIt() throws IOException {
    registry.once("/manifests/", ScriptedRegistry.status(429, "Retry-After: 1"));
    Instant begun = Instant.now();
    pull();
    assertThat(Duration.between(begun, Instant.now())).isGreaterThan(Duration.ofSeconds(1));
  }

  @Test
  void aRegistryThatAsksForTooMuchTimeIsLeftAloneAtOnce() {
    registry.always("/manifests/", ScriptedRegistry.status(429, "Retry-After: 3600"));
    assertRefused(
        "cannot give docker://" + registry.host() + "/os:1 now",
        "429 (too many requests)",
        "for 3600 s",
        "Try again later",
        "docker login " + registry.host());
    assertThat(registry.requests("/manifests/")).hasSize(1);
  }

  @Test
  void aRegistryThatFailsForGoodIsGivenUp() {
    registry.always("/manifests/", ScriptedRegistry.status(500));
    assertRefused("answered 500", "Try again later");
    assertThat(registry.requests("/manifests/")).hasSize(Pull.LITTLE.attempts());
  }

  @Test
  void aLayerThatBreaksOffForGoodSaysHowFarItCame() {
    registry
        .once(layer, ScriptedRegistry.cutAfter(100_000))
        .always(layer, ScriptedRegistry.status(503));
    assertThatThrownBy(this::pull)
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("The part " + layer + " of docker://" + registry.host() + "/os:1")
        .hasMessageContaining("broke off after 100000 of " + blobSize() + " bytes");
    assertThat(registry.requests(layer)).hasSize(Pull.LITTLE.attempts());
  }

  private int blobSize() {
    return image.blobs().get(Digest.parse(layer)).length;
  }

  @Test
  void aBlobThatIsShorterInTheRegistryThanItShouldBeIsRefused() {
    registry.always(layer, request -> request.answer(200, new byte[1000]));
    assertThatThrownBy(this::pull)
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("should have " + blobSize() + " bytes and has 1000 there")
        .hasMessageContaining("Push the image again");
    assertThat(registry.requests(layer)).hasSize(1);
  }

  @Test
  void aBlobThatIsNotThereIsNamed() {
    registry.always(layer, ScriptedRegistry.status(404));
    assertThatThrownBy(this::pull)
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("is incomplete: its registry lacks " + layer);
  }

  @Test
  void otherBytesOfTheRightLengthAreRefusedThoughTheyCameInPieces() {
    byte[] other = image.blobs().get(Digest.parse(layer)).clone();
    other[200_000] ^= 1;
    registry
        .once(layer, ScriptedRegistry.cutAfter(100_000))
        .once(
            layer,
            request ->
                request.answer(
                    206,
                    Arrays.copyOfRange(other, 100_000, other.length),
                    "Content-Range: bytes 100000-%d/%d".formatted(other.length - 1, other.length)));
    assertThatThrownBy(this::pull)
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("layer 1 of docker://" + registry.host() + "/os:1");
  }

  @Test
  void theConfigurationIsHeldToItsDigest() {
    String config =
        image.blobs().keySet().stream()
            .map(Digest::toString)
            .filter(digest -> !digest.equals(layer))
            .findFirst()
            .orElseThrow();
    int size = image.blobs().get(Digest.parse(config)).length;
    registry.always(config, request -> request.answer(200, TestImage.utf8(" ".repeat(size))));
    assertRefused("a document's digest should be " + config);
  }

  @Test
  void aManifestThatIsNotWhatItsPinSaysIsRefused() {
    String pin = "sha256:" + "0a".repeat(32);
    assertThatThrownBy(() -> open(registry.host() + "/os:1@" + pin))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("should have the digest " + pin)
        .hasMessageContaining("what the registry sent has " + top.digest());
    assertThat(registry.requests("/manifests/" + pin)).hasSize(1);
  }

  @Test
  void aManifestThatIsNotWhatTheRegistryItselfSaysIsRefused() {
    String stated = "sha256:" + "0b".repeat(32);
    registry.always(
        "/manifests/",
        request ->
            request.answer(
                200,
                top.bytes(),
                "Content-Type: " + top.mediaType(),
                "Docker-Content-Digest: " + stated));
    assertRefused("should have the digest " + stated, "has " + top.digest());
  }

  @Test
  void aManifestOfSchema1IsRefused() {
    sendsAsManifest(
        "application/vnd.docker.distribution.manifest.v1+prettyjws",
        JsonObject.EMPTY.with("schemaVersion", 1).with("name", "os").write());
    assertRefused("has a manifest of schema 1", "Push it again");
  }

  @Test
  void aDocumentThatIsAnIndexAndAManifestAtOnceIsRefused() throws IOException {
    JsonObject both =
        image
            .manifestOf("application/vnd.oci.image.config.v1+json", "x", "amd64")
            .with("manifests", List.of(TestImage.named(top, "linux/amd64")));
    sendsAsManifest(TestImage.OCI_MANIFEST, both.write());
    assertRefused("an index and a manifest at once");
    String asIndex = both.with("mediaType", TestImage.OCI_INDEX).write();
    registry.close();
    registry = new ScriptedRegistry(image, top);
    sendsAsManifest(TestImage.OCI_INDEX, asIndex);
    assertRefused("an index and a manifest at once");
  }

  @Test
  void aManifestThatCallsItselfSomethingElseIsRefused() {
    sendsAsManifest(TestImage.DOCKER_MANIFEST, top.json());
    assertRefused(
        "calls itself " + TestImage.OCI_MANIFEST, "calls it " + TestImage.DOCKER_MANIFEST);
  }

  @Test
  void whatIsNoRegistryIsNotTakenForOne() {
    sendsAsManifest("text/html", "<html>Welcome</html>");
    assertRefused("is no manifest of an image", "Is it a registry?");
  }

  @Test
  void anArtifactIsNoImage() throws IOException {
    sendsAsManifest(
        TestImage.OCI_MANIFEST,
        image.manifestOf("application/vnd.cncf.helm.config.v1+json", "x", "amd64").write());
    assertRefused("not a container image but an artifact of \"application/vnd.cncf.helm");
  }

  private void sendsAsManifest(String mediaType, String document) {
    registry.always(
        "/manifests/",
        request -> request.answer(200, TestImage.utf8(document), "Content-Type: " + mediaType));
  }

  @Test
  void aRefusalIsToldInTheRegistrysOwnWords() {
    registry.always(
        "/manifests/",
        request ->
            request.answer(
                400,
                TestImage.utf8(
                    "{\"errors\":[{\"code\":\"NAME_INVALID\",\"message\":\"invalid\\u001b name\"}]}")));
    assertRefused(
        "refuses to give docker://" + registry.host() + "/os:1: it answered 400 (invalid  name).");
  }

  @Test
  void redirectsAreFollowedButNotForEver() throws IOException {
    registry.always(
        "/blobs/" + layer,
        request -> request.answer(307, new byte[0], "Location: /elsewhere?signed=1&of=" + layer));
    pull();
    assertThat(registry.requests("/elsewhere")).hasSize(1);
    registry.always("/manifests/", ScriptedRegistry.status(302, "Location: /v2/os/manifests/1"));
    assertRefused("leads from one address to another without end");
  }

  @Test
  void aRegistryThatIsNotThereIsNamed() throws IOException {
    String host;
    try (ServerSocket free = new ServerSocket(0)) {
      host = "localhost:" + free.getLocalPort();
    }
    assertThatThrownBy(() -> open(host + "/os:1"))
        .isInstanceOf(OperatorError.class)
        .hasMessage(
            "No registry answers at "
                + host
                + " for docker://"
                + host
                + "/os:1. Check the name, and that it runs and can be reached from here.");
  }

  /** With the patience to try again in an hour. */
  private Pull waitingLong() {
    return new Pull(
        work.resolve("docker"),
        new Patience(Duration.ofSeconds(20), Duration.ofHours(1), Duration.ofHours(9), 3));
  }

  @Test
  void aHostThatDoesNotExistIsToldAtOnceAlsoWhenALayerIsThere() throws IOException {
    registry.always(
        layer, ScriptedRegistry.status(307, "Location: http://network.invalid/" + layer));
    Path target = Files.createDirectory(work.resolve("tree"));
    try (Image opened = waitingLong().open(registry.host() + "/os:1")) {
      assertThatThrownBy(() -> LayerStack.unpack(opened, target))
          .isInstanceOf(OperatorError.class)
          .hasMessageContaining("The part " + layer)
          .hasMessageContaining("There is no host of the name network.invalid");
    }
  }

  @Test
  void aWayFromHttpsToPlainHttpIsRefusedAtOnce() throws Exception {
    SSLContext tls = TestCertificate.of(work, "localhost");
    try (ScriptedRegistry secure = ScriptedRegistry.secure(image, top, tls)) {
      secure.always(
          "/manifests/", ScriptedRegistry.status(307, "Location: http://" + registry.host() + "/"));
      String reference = secure.host() + "/os:1";
      assertThatThrownBy(() -> waitingLong().open(reference, tls))
          .isInstanceOf(OperatorError.class)
          .hasMessageContaining("gives docker://" + reference + " in the clear, which is refused")
          .hasMessageContaining("leads from HTTPS to plain HTTP at localhost. Ask who runs");
      assertThat(secure.requests("/manifests/")).hasSize(1);
    }
  }

  @Test
  void anInterruptEndsThePullOfASilentLayerAtOnce() throws Exception {
    Thread puller = Thread.currentThread();
    registry.always(
        layer,
        request -> {
          request.part(100_000);
          Thread.sleep(500);
          puller.interrupt();
          Thread.sleep(Long.MAX_VALUE);
        });
    Path target = Files.createDirectory(work.resolve("tree"));
    try (Image opened = waitingLong().open(registry.host() + "/os:1")) {
      assertThatThrownBy(() -> LayerStack.unpack(opened, target))
          .hasRootCauseInstanceOf(InterruptedIOException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(registry.requests(layer)).hasSize(1);
  }

  @Test
  void aHostThatDoesNotExistIsToldAtOnce() {
    Pull pull = waitingLong();
    assertThatThrownBy(() -> pull.open("registry.invalid/os:1"))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("There is no host of the name registry.invalid");
  }

  private void assertRefused(String... parts) {
    assertThatThrownBy(this::open).isInstanceOf(OperatorError.class).message().contains(parts);
  }
}
