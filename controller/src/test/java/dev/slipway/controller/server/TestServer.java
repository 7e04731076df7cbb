package dev.slipway.controller.server;

import dev.slipway.controller.identity.CertificateAuthority;
import dev.slipway.controller.identity.OperatorToken;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.UUID;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A real controller on a free port, with a data directory of its own, and clients for it. */
public final class TestServer implements AutoCloseable {
  private final Path data;
  private final Path commandConfig;
  private final ControllerServer server;
  private HttpClient operatorClient;

  public TestServer(Path directory) throws IOException {
    data = directory.resolve("data");
    Path config = directory.resolve("config.yml");
    Files.writeString(
        config, "data: " + data + "\nport: 0\nhostnames: [localhost]\nlogging: {level: WARN}\n");
    server = ControllerServer.start(config);
    commandConfig =
        Files.writeString(
            directory.resolve("commands.yml"), "data: " + data + "\nport: " + port() + "\n");
  }

  /** A configuration for commands, with the port that was free. */
  public Path commandConfig() {
    return commandConfig;
  }

  public Path data() {
    return data;
  }

  public URI uri(String path) {
    return URI.create("https://localhost:" + server.port() + path);
  }

  public int port() {
    return server.port();
  }

  /** The header by which an operator is known. */
  public String operator() {
    return basic("operator", OperatorToken.read(data).text());
  }

  public static String basic(String user, String password) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  /** A client that trusts this controller and shows no certificate. */
  public HttpClient client() throws Exception {
    return client(null);
  }

  /** A client that trusts this controller; with a host's key and certificate if there are any. */
  public HttpClient client(KeyStore identity) throws Exception {
    KeyStore trusted = emptyStore();
    trusted.setCertificateEntry(
        "ca",
        CertificateAuthority.readCertificate(data.resolve(CertificateAuthority.CERTIFICATE_FILE)));
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(identity, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(context).build();
  }

  /** Asks as the operator. */
  public HttpResponse<String> asOperator(String method, String path, String body) throws Exception {
    if (operatorClient == null) {
      operatorClient = client();
    }
    return operatorClient.send(
        HttpRequest.newBuilder(uri(path))
            .header("Authorization", operator())
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** A join token as the API gives it. */
  public String joinToken(int uses, long seconds) throws Exception {
    HttpResponse<String> made =
        asOperator(
            "POST",
            "/api/v1/join-tokens",
            "{\"uses\":"
                + uses
                + ",\"expiresInSeconds\":"
                + seconds
                + ",\"labels\":{\"rack\":\"r1\"}}");
    if (made.statusCode() != 200) {
      throw new IllegalStateException(made.statusCode() + " " + made.body());
    }
    return made.body().replaceAll(".*\"token\":\"([^\"]*)\".*", "$1");
  }

  /** A host that wants to join. */
  public static final class Joining {
    public final KeyPair key;
    public final String machineId = UUID.randomUUID().toString().replace("-", "");

    public Joining() throws Exception {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      key = generator.generateKeyPair();
    }

    /** The enrolment request. */
    public String request(String token, String name) throws Exception {
      String spki = Base64.getEncoder().encodeToString(key.getPublic().getEncoded());
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(key.getPrivate());
      signature.update(("slipway-enrol\n" + token + "\n" + spki).getBytes(StandardCharsets.UTF_8));
      String proof = Base64.getEncoder().encodeToString(signature.sign());
      return "{\"token\":\"%s\",\"machineId\":\"%s\",\"name\":\"%s\",\"key\":\"%s\",\"proof\":\"%s\"}"
          .formatted(token, machineId, name, spki, proof);
    }

    /** A key store for {@link TestServer#client(KeyStore)}. */
    public KeyStore identity(String certificatePem) throws Exception {
      Certificate certificate =
          CertificateFactory.getInstance("X.509")
              .generateCertificate(
                  new ByteArrayInputStream(certificatePem.getBytes(StandardCharsets.US_ASCII)));
      KeyStore store = emptyStore();
      store.setKeyEntry("host", key.getPrivate(), new char[0], new Certificate[] {certificate});
      return store;
    }
  }

  /** Sends an enrolment request. */
  public HttpResponse<String> enrol(String request) throws Exception {
    return client()
        .send(
            HttpRequest.newBuilder(uri("/agent/v1/enrol"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(request))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private static KeyStore emptyStore() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  @Override
  public void close() {
    server.close();
  }
}
