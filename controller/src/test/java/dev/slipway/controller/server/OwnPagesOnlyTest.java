package dev.slipway.controller.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.ws.rs.ForbiddenException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.glassfish.jersey.internal.MapPropertiesDelegate;
import org.glassfish.jersey.server.ContainerRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a browser says of a request's page decides, together with what the request wants. */
class OwnPagesOnlyTest {
  private static final String TOKENS = "/api/v1/join-tokens";

  @TempDir private static Path directory;
  private static TestServer server;
  private static HttpClient client;

  @BeforeAll
  static void start() throws Exception {
    server = new TestServer(directory);
    client = server.client();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "Sec-Fetch-Site, cross-site",
    "Sec-Fetch-Site, same-site",
    "Origin, https://elsewhere.example",
    "Origin, https://localhost",
    "Origin, null",
    "Origin, not an origin",
  })
  void anOrderFromAPageOfAnotherSiteIsRefused(String header, String value) throws Exception {
    HttpResponse<String> answer = order(header, value);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(403);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(answer.body()).contains("takes orders from none but its own");
  }

  @Test
  void theSameHostAtAnotherSchemeOrPortIsAnotherSite() throws Exception {
    assertThat(order("Origin", "http://localhost:" + server.port()).statusCode()).isEqualTo(403);
    assertThat(order("Origin", "https://localhost:" + (server.port() - 1)).statusCode())
        .isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(strings = {"same-origin", "none"})
  void anOrderFromAnOwnPageOrNoneIsTaken(String site) throws Exception {
    assertThat(order("Sec-Fetch-Site", site).statusCode()).isEqualTo(200);
  }

  @Test
  void anOrderFromTheControllersOwnOriginIsTaken() throws Exception {
    assertThat(order("Origin", "https://localhost:" + server.port()).statusCode()).isEqualTo(200);
  }

  @Test
  void aLinkOnAPageOfAnotherSiteLeadsToThePages() throws Exception {
    HttpResponse<String> page =
        client.send(
            asOperator("/").header("Sec-Fetch-Site", "cross-site").build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(page.statusCode()).isEqualTo(200);
  }

  @Test
  void anAddressThatNamesNoHostIsNobodysOwn() {
    var request =
        new ContainerRequest(
            URI.create("https://ctl_1:8443/"),
            URI.create("https://ctl_1:8443" + TOKENS),
            "POST",
            null,
            new MapPropertiesDelegate(),
            null);
    for (String origin : new String[] {"https://localhost:8443", "https://ctl_1:8443"}) {
      request.getRequestHeaders().putSingle("Origin", origin);
      assertThatThrownBy(() -> new OwnPagesOnly().filter(request))
          .as(origin)
          .isInstanceOf(ForbiddenException.class);
    }
  }

  /** Over a connection of its own: one whose order was refused unread is closed by the server. */
  private static HttpResponse<String> order(String header, String value) throws Exception {
    return server
        .client()
        .send(
            asOperator(TOKENS)
                .header("Content-Type", "application/json")
                .header(header, value)
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"uses\":1,\"expiresInSeconds\":60,\"labels\":{}}"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private static HttpRequest.Builder asOperator(String path) {
    return HttpRequest.newBuilder(server.uri(path)).header("Authorization", server.operator());
  }
}
