package dev.slipway.controller.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.controller.server.TestServer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnrolmentTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long DAY = 86_400;

  @TempDir private static Path directory;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    server = new TestServer(directory);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void hostThatJoinedIsKnownByItsCertificate() throws Exception {
    TestServer.Joining host = new TestServer.Joining();
    JsonNode enrolled = join(host, server.joinToken(1, DAY), "web1");

    assertThat(UUID.fromString(enrolled.get("hostId").asText())).isNotNull();
    assertThat(ping(clientOf(host, enrolled)).statusCode()).isEqualTo(200);
  }

  @Test
  void hostRenewsItsCertificateAndTheOldOneStaysValid() throws Exception {
    TestServer.Joining host = new TestServer.Joining();
    JsonNode enrolled = join(host, server.joinToken(1, DAY), "renewer");
    HttpClient old = clientOf(host, enrolled);
    HttpResponse<String> answer = renew(old);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode renewed = JSON.readTree(answer.body());

    assertThat(renewed.get("certificate")).isNotEqualTo(enrolled.get("certificate"));
    assertThat(ping(clientOf(host, renewed)).statusCode()).isEqualTo(200);
    assertThat(ping(clientOf(host, enrolled)).statusCode()).isEqualTo(200);
  }

  @Test
  void nobodyElseRenewsACertificate() throws Exception {
    TestServer.Joining host = new TestServer.Joining();
    JsonNode enrolled = join(host, server.joinToken(1, DAY), "revoked-renewer");
    assertThat(renew(server.client()).statusCode()).isEqualTo(401);
    assertThat(server.asOperator("POST", "/agent/v1/renew", "").statusCode()).isEqualTo(401);
    String revoke = "/api/v1/hosts/" + enrolled.get("hostId").asText() + "/revoke";
    server.asOperator("POST", revoke, "");
    assertThat(renew(clientOf(host, enrolled)).statusCode()).isEqualTo(401);
  }

  private static HttpResponse<String> renew(HttpClient client) throws Exception {
    return client.send(
        HttpRequest.newBuilder(server.uri("/agent/v1/renew"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void withoutACertificateAHostIsNobody() throws Exception {
    HttpResponse<String> answer = ping(server.client());
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("WWW-Authenticate"))
        .hasValueSatisfying(challenge -> assertThat(challenge).startsWith("Basic "));
    assertThat(answer.body()).contains("operator.token");
  }

  @Test
  void operatorIsKnownByTheTokenAndBySomethingElseNot() throws Exception {
    assertThat(server.asOperator("GET", "/api/v1/releases", "").statusCode()).isEqualTo(200);
    for (String header :
        new String[] {
          TestServer.basic("operator", "guess"),
          TestServer.basic("operator", ""),
          TestServer.basic("root", OperatorToken.read(server.data()).text()),
          "Basic !!!",
          "Bearer " + OperatorToken.read(server.data()).text()
        }) {
      HttpRequest request =
          HttpRequest.newBuilder(server.uri("/api/v1/releases"))
              .header("Authorization", header)
              .build();
      assertThat(server.client().send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
          .as(header)
          .isEqualTo(401);
    }
  }

  @Test
  void hostIsNoOperator() throws Exception {
    TestServer.Joining host = new TestServer.Joining();
    HttpClient client = clientOf(host, join(host, server.joinToken(1, DAY), "web1"));
    HttpRequest request = HttpRequest.newBuilder(server.uri("/api/v1/releases")).build();
    assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(401);
  }

  @Test
  void unknownTokenIsRefused() throws Exception {
    String real = server.joinToken(1, DAY);
    String wrong = "x".repeat(43) + real.substring(real.indexOf('.'));
    assertRefused(
        server.enrol(new TestServer.Joining().request(wrong, "web1")), 403, "does not know");
  }

  @Test
  void expiredTokenIsRefused() throws Exception {
    String token = server.joinToken(1, 1);
    Thread.sleep(2100);
    assertRefused(server.enrol(new TestServer.Joining().request(token, "web1")), 403, "expired at");
  }

  @Test
  void tokenLetsAsManyHostsJoinAsItSays() throws Exception {
    String token = server.joinToken(2, DAY);
    join(new TestServer.Joining(), token, "web1");
    join(new TestServer.Joining(), token, "web1");
    assertRefused(
        server.enrol(new TestServer.Joining().request(token, "web1")), 403, "as often as it may");
  }

  @Test
  void repeatingAJoinGivesTheSameHostAndUsesNothingUp() throws Exception {
    String token = server.joinToken(1, DAY);
    TestServer.Joining host = new TestServer.Joining();
    JsonNode first = join(host, token, "web1");
    JsonNode again = join(host, token, "web1");
    assertThat(again.get("hostId")).isEqualTo(first.get("hostId"));
    assertThat(ping(clientOf(host, again)).statusCode()).isEqualTo(200);
  }

  @Test
  void hostsOfOneNameAreToldApart() throws Exception {
    String token = server.joinToken(2, DAY);
    String first = join(new TestServer.Joining(), token, "twin").get("name").asText();
    String second = join(new TestServer.Joining(), token, "twin").get("name").asText();
    assertThat(first).isEqualTo("twin");
    assertThat(second).isEqualTo("twin-2");
  }

  @Test
  void copiedMachineIdIsRefused() throws Exception {
    String token = server.joinToken(2, DAY);
    TestServer.Joining host = new TestServer.Joining();
    join(host, token, "original");
    String copy =
        new TestServer.Joining()
            .request(token, "copy")
            .replaceAll("\"machineId\":\"[0-9a-f]*\"", "\"machineId\":\"" + host.machineId + "\"");
    assertRefused(server.enrol(copy), 409, "joined before with another key");
  }

  @Test
  void proofByAnotherKeyIsRefused() throws Exception {
    String token = server.joinToken(1, DAY);
    String mine = new TestServer.Joining().request(token, "web1");
    String theirs = new TestServer.Joining().request(token, "web1");
    ObjectNode mixed = (ObjectNode) JSON.readTree(mine);
    mixed.set("proof", JSON.readTree(theirs).get("proof"));
    assertRefused(server.enrol(mixed.toString()), 403, "signature");
  }

  @Test
  void nonsenseIsAnsweredWithWhatIsWrong() throws Exception {
    assertRefused(server.enrol("{}"), 400, "token is missing");
    assertRefused(server.enrol(""), 400, "no body");
    String token = server.joinToken(1, DAY);
    assertRefused(
        server.enrol(new TestServer.Joining().request(token, "a b")), 400, "not possible");
  }

  @Test
  void revokedHostIsNobodyAtOnceAndMayJoinAgainAsAnother() throws Exception {
    String token = server.joinToken(2, DAY);
    TestServer.Joining host = new TestServer.Joining();
    JsonNode enrolled = join(host, token, "leaver");
    HttpClient client = clientOf(host, enrolled);
    assertThat(ping(client).statusCode()).isEqualTo(200);

    String path = "/api/v1/hosts/" + enrolled.get("hostId").asText() + "/revoke";
    assertThat(server.asOperator("POST", path, "").statusCode()).isEqualTo(204);
    assertThat(ping(client).statusCode()).as("over the connection it had").isEqualTo(401);
    assertThat(ping(clientOf(host, enrolled)).statusCode()).isEqualTo(401);
    assertThat(server.asOperator("POST", path, "").statusCode()).isEqualTo(404);

    TestServer.Joining again = new TestServer.Joining();
    assertThat(join(again, token, "leaver").get("name").asText()).isEqualTo("leaver");
  }

  @Test
  void certificateOfAnotherAuthorityDoesNotPassTheHandshake(@TempDir Path elsewhere)
      throws Exception {
    TestServer.Joining host = new TestServer.Joining();
    CertificateAuthority other = CertificateAuthority.openOrCreate(elsewhere);
    String forged =
        CertificateAuthority.pem(other.issueForHost(UUID.randomUUID(), host.key.getPublic()));
    HttpClient client = server.client(host.identity(forged));
    assertThatThrownBy(() -> ping(client)).isInstanceOf(IOException.class);
  }

  @Test
  void clientThatTrustsAnotherAuthorityDoesNotTalkToUs() {
    assertThatThrownBy(
            () ->
                HttpClient.newHttpClient()
                    .send(
                        HttpRequest.newBuilder(server.uri("/v2/")).build(),
                        HttpResponse.BodyHandlers.ofString()))
        .isInstanceOf(SSLHandshakeException.class);
  }

  @Test
  void secretsAreReadableByTheirOwnerOnlyAndTokensAreNotKept() throws Exception {
    String token = server.joinToken(1, DAY);
    for (String name : new String[] {"ca.key", "operator.token"}) {
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(server.data().resolve(name))))
          .as(name)
          .isEqualTo("rw-------");
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(server.data())))
        .isEqualTo("rwx------");
    String secret = token.substring(0, token.indexOf('.'));
    try (Stream<Path> files = Files.walk(server.data())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain(secret);
      }
    }
  }

  private static JsonNode join(TestServer.Joining host, String token, String name)
      throws Exception {
    HttpResponse<String> answer = server.enrol(host.request(token, name));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  private static HttpClient clientOf(TestServer.Joining host, JsonNode enrolled) throws Exception {
    return server.client(host.identity(enrolled.get("certificate").asText()));
  }

  private static HttpResponse<String> ping(HttpClient client) throws Exception {
    return client.send(
        HttpRequest.newBuilder(server.uri("/v2/")).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static void assertRefused(HttpResponse<String> answer, int status, String why) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(answer.body()).contains(why);
  }
}
