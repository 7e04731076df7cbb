package dev.slipway.controller.source.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.tree.Digest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/** A real registry of a test's own, on this machine; it ends with the test. */
public final class DockerRegistry implements AutoCloseable {
  static final String USER = "ada";
  static final String PASSWORD = "secret: of the registry";
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int BCRYPT_COST = 4;

  private final HttpClient client;
  private final Optional<TestAuthority> authority;
  private final Path data;
  private final Path log;
  private final boolean withLogin;
  private final int port;
  private final Process process;

  private DockerRegistry(
      Path directory, boolean withLogin, Optional<TestAuthority> authority, boolean clientsShow)
      throws Exception {
    this.withLogin = withLogin;
    this.authority = authority;
    this.client =
        authority.isPresent()
            ? HttpClient.newBuilder().sslContext(authority.get().tls()).build()
            : HttpClient.newHttpClient();
    this.data = directory.resolve("data");
    this.log = directory.resolve("log");
    this.port = freePort();
    Files.writeString(directory.resolve("htpasswd"), USER + ":" + bcrypt() + "\n");
    Files.writeString(
        directory.resolve("config.yml"),
        """
        version: 0.1
        storage: {filesystem: {rootdirectory: "%s"}}
        http:
          addr: "127.0.0.1:%d"
        """
                .formatted(data, port)
            + (authority.isPresent() ? tls(authority.get(), clientsShow) : "")
            + (withLogin
                ? "auth: {htpasswd: {realm: test, path: \"%s\"}}\n"
                    .formatted(directory.resolve("htpasswd"))
                : ""));
    this.process =
        new ProcessBuilder("docker-registry", "serve", directory.resolve("config.yml").toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    awaitAnswer();
  }

  /** One that everybody may use. */
  public static DockerRegistry in(Path directory) throws Exception {
    return new DockerRegistry(directory, false, Optional.empty(), false);
  }

  /** One that asks for {@link #USER}'s login by HTTP Basic authentication. */
  static DockerRegistry withLoginIn(Path directory) throws Exception {
    return new DockerRegistry(directory, true, Optional.empty(), false);
  }

  /**
   * One by HTTPS.
   *
   * @param clientsShow whether it wants a certificate of that authority from who asks
   */
  static DockerRegistry withTlsIn(Path directory, TestAuthority authority, boolean clientsShow)
      throws Exception {
    return new DockerRegistry(directory, false, Optional.of(authority), clientsShow);
  }

  private static String tls(TestAuthority authority, boolean clientsShow) {
    return "  tls: {certificate: \"%s\", key: \"%s\"%s}\n"
        .formatted(
            authority.certificate("server"),
            authority.key("server"),
            clientsShow ? ", clientcas: [\"" + authority.certificate() + "\"]" : "");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static String bcrypt() {
    return OpenBSDBCrypt.generate("2y", PASSWORD.toCharArray(), new byte[16], BCRYPT_COST);
  }

  private void awaitAnswer() throws Exception {
    Instant end = Instant.now().plus(PATIENCE);
    while (true) {
      try {
        send(request("/v2/").GET());
        return;
      } catch (IOException notYet) {
        if (!process.isAlive() || Instant.now().isAfter(end)) {
          close();
          throw new IllegalStateException("no registry: " + log(), notYet);
        }
        Thread.sleep(50);
      }
    }
  }

  /** As references name it. */
  public String host() {
    return "localhost:" + port;
  }

  /** What it says about the requests that it got. */
  public String log() throws IOException {
    return Files.readString(log);
  }

  /** Stores an image and all that it consists of, under a tag. */
  public DockerRegistry with(String repository, String tag, TestImage image, TestImage.Stored top)
      throws Exception {
    for (Map.Entry<Digest, byte[]> blob : image.blobs().entrySet()) {
      HttpResponse<String> begun =
          send(
              request("/v2/" + repository + "/blobs/uploads/")
                  .POST(HttpRequest.BodyPublishers.noBody()));
      String place = begun.headers().firstValue("Location").orElseThrow();
      created(
          send(
              authorized(URI.create(place + "&digest=" + blob.getKey()))
                  .header("Content-Type", "application/octet-stream")
                  .PUT(HttpRequest.BodyPublishers.ofByteArray(blob.getValue()))));
    }
    for (Map.Entry<Digest, TestImage.Stored> manifest : image.manifests().entrySet()) {
      put(repository, manifest.getKey().toString(), manifest.getValue());
    }
    put(repository, tag, top);
    return this;
  }

  /** Where it keeps a blob. */
  Path file(Digest blob) {
    return data.resolve("docker/registry/v2/blobs/sha256")
        .resolve(blob.hex().substring(0, 2))
        .resolve(blob.hex())
        .resolve("data");
  }

  private void put(String repository, String version, TestImage.Stored manifest) throws Exception {
    created(
        send(
            request("/v2/" + repository + "/manifests/" + version)
                .header("Content-Type", manifest.mediaType())
                .PUT(HttpRequest.BodyPublishers.ofByteArray(manifest.bytes()))));
  }

  private static void created(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
  }

  private HttpRequest.Builder request(String path) {
    String scheme = authority.isPresent() ? "https://" : "http://";
    return authorized(URI.create(scheme + host() + path));
  }

  private HttpRequest.Builder authorized(URI uri) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    Optional.of(USER + ":" + PASSWORD)
        .filter(login -> withLogin)
        .map(login -> Base64.getEncoder().encodeToString(TestImage.utf8(login)))
        .ifPresent(login -> request.header("Authorization", "Basic " + login));
    return request;
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    process.waitFor();
  }
}
