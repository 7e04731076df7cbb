package dev.slipway.controller.secrecy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.controller.identity.CertificateAuthority;
import dev.slipway.controller.server.TestServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that logs all it can, and what is told to it in confidence. */
class ServerSecrecyTest {
  private static final Pattern READY = Pattern.compile("answers on https://localhost:([0-9]+)/");

  @TempDir private Path directory;
  private final List<Secret> secrets = new ArrayList<>();
  private Path data;
  private RunningCommand server;
  private URI address;
  private HttpClient client;

  @BeforeEach
  void startServer() throws Exception {
    data = directory.resolve("data");
    Path config =
        Files.writeString(
            directory.resolve("config.yml"),
            """
            data: %s
            port: 0
            hostnames: [localhost]
            logging:
              level: ALL
              loggers: {org.eclipse.jetty: ALL, org.glassfish.jersey: TRACE}
              appenders: [{type: console, threshold: ALL}]
            """
                .formatted(data));
    server =
        new RunningCommand(
            directory.resolve("log"), Map.of(), List.of("server", config.toString()));
    Matcher ready = READY.matcher("");
    while (!ready.reset(server.said()).find()) {
      Thread.sleep(100);
    }
    address = URI.create("https://localhost:" + ready.group(1));
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry(
        "ca",
        CertificateAuthority.readCertificate(data.resolve(CertificateAuthority.CERTIFICATE_FILE)));
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, trust.getTrustManagers(), null);
    client = HttpClient.newBuilder().sslContext(tls).build();
  }

  @AfterEach
  void stopServer() throws Exception {
    server.close();
  }

  @Test
  @Timeout(120)
  void noSecretIsLogged() throws Exception {
    String operator = Files.readString(data.resolve("operator.token")).strip();
    secrets.add(new Secret("the operator's token", operator));
    secrets.add(new Secret("a token that is none", "ff00".repeat(16)));
    privateKeys().forEach(secrets::add);

    String made = asOperator(operator, "POST", "/api/v1/join-tokens", JOIN).body();
    String token = made.replaceAll(".*\"token\":\"([^\"]*)\".*", "$1");
    secrets.add(new Secret("a join token", token.substring(token.lastIndexOf('.') + 1)));
    TestServer.Joining host = new TestServer.Joining();
    assertThat(send("POST", "/agent/v1/enrol", host.request(token, "web1")).statusCode())
        .isEqualTo(200);
    assertThat(
            send("POST", "/agent/v1/enrol", new TestServer.Joining().request(token, "web2"))
                .statusCode())
        .as("spent")
        .isBetween(400, 499);
    send("POST", "/agent/v1/enrol", "{\"token\":\"" + token + "\", cut off");
    send("POST", "/agent/v1/enrol", "{\"token\":{\"x\":\"" + token + "\"}}");
    assertThat(asOperator("ff00".repeat(16), "GET", "/api/v1/hosts", "").statusCode())
        .isEqualTo(401);
    assertThat(asOperator(operator, "GET", "/api/v1/hosts", "").statusCode()).isEqualTo(200);
    asOperator(operator, "GET", "/", "");
    asOperator(operator, "PUT", "/v2/web/manifests/1", "no manifest");
    asOperator(operator, "GET", "/v2/web/blobs/none?token=" + operator, "");

    String log = server.said();
    assertThat(log).as("it logs more than it would without being told").contains("INFO ");
    assertThat(secrets)
        .allSatisfy(
            secret -> assertThat(log.lines().filter(secret::isIn)).as(secret.name()).isEmpty());
  }

  private static final String JOIN = "{\"uses\":1,\"expiresInSeconds\":600}";

  private HttpResponse<String> asOperator(String token, String method, String path, String body)
      throws Exception {
    return client.send(
        request(path)
            .header("Authorization", TestServer.basic("operator", token))
            .method(method, BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> send(String method, String path, String body) throws Exception {
    return client.send(
        request(path).method(method, BodyPublishers.ofString(body)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(address.resolve(path)).header("Content-Type", "application/json");
  }

  /** Of every key in the data directory, the line in its middle. */
  private List<Secret> privateKeys() throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      List<Secret> keys = new ArrayList<>();
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        if (text.contains("PRIVATE KEY")) {
          keys.add(new Secret(file.getFileName().toString(), text.lines().toList().get(1)));
        }
      }
      assertThat(keys).isNotEmpty();
      return keys;
    }
  }
}
