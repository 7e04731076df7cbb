package dev.slipway.controller.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.controller.server.TestServer;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Scanner;
import org.junit.jupiter.api.Test;

/** What a person sees of the fleet: the pages, and the events that keep them true. */
class FleetPagesTest extends FleetOfFour {
  @Test
  void listenersHearEveryStepAndCanGoOnAfterTheLastOne() throws Exception {
    String id = start("");
    HttpResponse<InputStream> stream =
        server
            .client()
            .send(
                HttpRequest.newBuilder(server.uri("/api/v1/rollouts/" + id + "/events"))
                    .header("Authorization", server.operator())
                    .header("Last-Event-ID", "0")
                    .build(),
                HttpResponse.BodyHandlers.ofInputStream());
    assertThat(stream.headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/event-stream");
    turnsUntil(id, "SUCCEEDED");
    var kinds = new ArrayList<String>();
    try (Scanner lines = new Scanner(stream.body(), StandardCharsets.UTF_8)) {
      while (!kinds.contains("rollout.SUCCEEDED") && lines.hasNextLine()) {
        String line = lines.nextLine();
        if (line.startsWith("data:")) {
          kinds.add(JSON.readTree(line.substring(5)).get("kind").asText());
        }
      }
    }
    assertThat(kinds)
        .startsWith("rollout.RUNNING", "host.OFFERED")
        .containsSubsequence(
            "host.STAGED",
            "host.WAIT_LEASE",
            "host.SWITCHING",
            "host.TRIAL_BOOTED",
            "host.CHECKING",
            "host.COMMITTED",
            "rollout.WAVE_PASSED",
            "rollout.SUCCEEDED");
    assertThat(Collections.frequency(kinds, "host.COMMITTED")).isEqualTo(4);
  }

  @Test
  void aPageThatIsLeftOpenDoesNotKeepTheControllerFromStopping() throws Exception {
    HttpResponse<InputStream> stream =
        server
            .client()
            .send(
                HttpRequest.newBuilder(server.uri("/api/v1/events"))
                    .header("Authorization", server.operator())
                    .build(),
                HttpResponse.BodyHandlers.ofInputStream());
    assertThat(stream.statusCode()).isEqualTo(200);
    long before = System.nanoTime();
    server.close();
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(15));
    stream.body().close();
    server = new TestServer(directory);
  }

  @Test
  void agentsAndOperatorsOnlyReachTheirOwnAddresses() throws Exception {
    HttpResponse<String> noName =
        server
            .client()
            .send(
                HttpRequest.newBuilder(server.uri("/api/v1/hosts")).build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(noName.statusCode()).isEqualTo(401);
    assertThat(server.asOperator("POST", "/agent/v1/sync", "{}").statusCode()).isEqualTo(401);
  }

  @Test
  void thePagesShowHostsSlotsAndWhyNothingHappens() throws Exception {
    canary.fate = SimulatedHost.Fate.BREAKS;
    String id = start("");
    turns(8);
    HttpResponse<String> fleet = server.asOperator("GET", "/", "");
    assertThat(fleet.statusCode()).as(fleet.body()).isEqualTo(200);
    assertThat(fleet.headers().firstValue("Content-Security-Policy").orElse(""))
        .startsWith("default-src 'self'");
    assertThat(fleet.body())
        .contains("web1", "web4", "slot2", "rack=r1", "fell back in r1", "href=\"/rollouts/r1\"")
        .doesNotContain("http://", "style=", "onclick");
    HttpResponse<String> page = server.asOperator("GET", "/rollouts/" + id, "");
    assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
    assertThat(page.body())
        .contains("Why is nothing happening?", "never goes on by itself", "0 of 1 good, 1 failed")
        .contains("controller rollout rollback r1");
    assertThat(server.asOperator("GET", "/rollouts/r99", "").statusCode()).isEqualTo(404);
    for (String asset : List.of("slipway.css", "live.js", "slipway.svg")) {
      assertThat(server.asOperator("GET", "/assets/" + asset, "").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void whatHostsSayIsShownAndNeverTakenForMarkup() throws Exception {
    canary.send(
        canary.report().replace("\"seq\":1", "\"seq\":99").replace("slot2", "<b>slot2</b>"));
    assertThat(server.asOperator("GET", "/", "").body())
        .contains("&lt;b&gt;slot2&lt;/b&gt;")
        .doesNotContain("<b>slot2</b></b>");
  }
}
