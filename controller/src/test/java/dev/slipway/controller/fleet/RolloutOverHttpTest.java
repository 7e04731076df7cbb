package dev.slipway.controller.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.controller.server.TestServer;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Scanner;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whole rollouts: a real server with its database and TLS, and machines that speak its protocol.
 */
class RolloutOverHttpTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String OS1 = "sha256:" + "1".repeat(64);

  @TempDir Path directory;
  private TestServer server;
  private List<SimulatedHost> hosts;
  private SimulatedHost canary;
  private String web2;

  @BeforeEach
  void startControllerWithFourHosts() throws Exception {
    server = new TestServer(directory);
    web2 = TestRelease.publish(server, "web:2");
    String token = server.joinToken(4, 600);
    hosts = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      hosts.add(new SimulatedHost(server, "web" + i, token, OS1));
    }
    turns(1);
    canary = hosts.get(0);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aGoodCanaryLetsTheRestFollowAndOneAtATimeIsAway() throws Exception {
    String id = start("");
    turns(3);
    assertThat(rest())
        .as("nobody is asked before the canary proved it")
        .allSatisfy(this::wasLeftAlone);
    for (int i = 0; i < 40 && !state(id).equals("SUCCEEDED"); i++) {
      turns(1);
      long switching = IntStream.range(0, 4).filter(n -> isSwitching(n)).count();
      assertThat(switching).isLessThanOrEqualTo(1);
    }
    assertThat(state(id)).isEqualTo("SUCCEEDED");
    assertThat(hosts).extracting(SimulatedHost::runs).containsOnly(web2);
    assertThat(rollout(id).get("good").asInt()).isEqualTo(4);
  }

  @Test
  void aBrokenCanaryHaltsAndTheRestIsNotTouched() throws Exception {
    canary.fate = SimulatedHost.Fate.BREAKS;
    String id = start("");
    turns(8);
    assertThat(state(id)).isEqualTo("HALTED");
    assertThat(rollout(id).get("reason").asText())
        .contains("web1 fell back", "web.sh: no answer on port 80");
    assertThat(rest()).allSatisfy(this::wasLeftAlone);
    assertThat(canary.runs()).isEqualTo(OS1);

    HttpResponse<String> resumed =
        server.asOperator("POST", "/api/v1/rollouts/" + id + "/resume", "");
    assertThat(resumed.statusCode()).isEqualTo(409);
    assertThat(resumed.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(JSON.readTree(resumed.body()).get("state").asText()).isEqualTo("HALTED");
    assertThat(resumed.body())
        .contains("resume is not possible", "never goes on", "rollback, cancel");
  }

  @Test
  void aReleaseThatFailedOnAHostIsNotOfferedThereAgainUntilAPersonClearsIt() throws Exception {
    canary.fate = SimulatedHost.Fate.BREAKS;
    order(start(""), 8, "cancel");
    canary.fate = SimulatedHost.Fate.GOOD;
    int before = canary.staged;
    String second = start("\"canary\":0");
    turns(40);
    assertThat(state(second)).isEqualTo("SUCCEEDED");
    assertThat(hostState("web1")).isEqualTo("QUARANTINED");
    assertThat(canary.staged).isEqualTo(before);
    assertThat(canary.runs()).isEqualTo(OS1);

    assertThat(server.asOperator("POST", "/api/v1/hosts/web1/clear", "{}").statusCode())
        .isEqualTo(400);
    assertThat(
            server
                .asOperator("POST", "/api/v1/hosts/web1/clear", "{\"reason\":\"new disk\"}")
                .statusCode())
        .isEqualTo(200);
    String third = start("\"canary\":0");
    turns(10);
    assertThat(state(third)).isEqualTo("SUCCEEDED");
    assertThat(canary.runs()).isEqualTo(web2);
  }

  @Test
  void aReleaseThatFailsItsColdTrialAfterTheRolloutIsNotOfferedThereAgain() throws Exception {
    String id = start("");
    turns(40);
    assertThat(state(id)).isEqualTo("SUCCEEDED");
    canary.failColdTrial();
    turns(1);
    assertThat(hostState("web1")).isEqualTo("ROLLED_BACK");
    assertThat(rollout(id).toString()).contains("cold-health:web");

    String second = start("\"canary\":0");
    turns(10);
    assertThat(state(second)).isEqualTo("SUCCEEDED");
    assertThat(hostState("web1")).isEqualTo("QUARANTINED");
    assertThat(canary.runs()).isEqualTo(OS1);
  }

  @Test
  void aSilentCanaryIsLostAtItsDeadlineAndHalts() throws Exception {
    canary.fate = SimulatedHost.Fate.DIES;
    String id = start("\"switchSeconds\":2");
    turns(5);
    assertThat(hostState("web1")).isEqualTo("SWITCHING");
    await(id, "HALTED");
    assertThat(hostState("web1")).isEqualTo("LOST");
    assertThat(rest()).allSatisfy(this::wasLeftAlone);

    canary.revive();
    turns(2);
    assertThat(hostState("web1")).as("back in its old OS").isEqualTo("ROLLED_BACK");
    assertThat(canary.answers.get(canary.answers.size() - 1).get("want").asText())
        .as("and it is not sent off again")
        .isEqualTo("idle");
    assertThat(state(id)).as("a halted rollout stays halted").isEqualTo("HALTED");
  }

  @Test
  void aHostThatRefusesToSwitchCountsAsFailed() throws Exception {
    canary.fate = SimulatedHost.Fate.REFUSES;
    String id = start("");
    turns(6);
    assertThat(state(id)).isEqualTo("HALTED");
    assertThat(hostState("web1")).isEqualTo("REFUSED");
    assertThat(rollout(id).get("reason").asText()).contains("the battery is empty");
  }

  @Test
  void aPausedRolloutBeginsNothingUntilItIsResumed() throws Exception {
    String id = start("");
    turns(1);
    assertThat(order(id, 0, "pause").statusCode()).isEqualTo(200);
    turns(6);
    assertThat(canary.runs()).as("staged, but not told to switch").isEqualTo(OS1);
    assertThat(rollout(id).get("blockedBy").toString()).contains("Paused by operator");
    order(id, 0, "resume");
    turns(40);
    assertThat(state(id)).isEqualTo("SUCCEEDED");
  }

  @Test
  void theWholeFleetGoesBackWithoutADownload() throws Exception {
    String id = start("");
    turns(40);
    assertThat(state(id)).isEqualTo("SUCCEEDED");
    int downloads = hosts.stream().mapToInt(host -> host.staged).sum();
    assertThat(order(id, 0, "rollback").statusCode()).isEqualTo(200);
    turns(40);
    assertThat(state(id)).isEqualTo("ROLLED_BACK");
    assertThat(hosts).extracting(SimulatedHost::runs).containsOnly(OS1);
    assertThat(hosts.stream().mapToInt(host -> host.staged).sum()).isEqualTo(downloads);
  }

  @Test
  void theFleetGoesBackEvenAfterALaterRolloutHaltedAndWasCancelled() throws Exception {
    String good = start("\"commit\":\"trust\"");
    turns(40);
    TestRelease.publish(server, "web:3");
    canary.fate = SimulatedHost.Fate.BREAKS;
    String broken = start("\"release\":\"web:3\"");
    turns(8);
    assertThat(state(broken)).isEqualTo("HALTED");
    assertThat(order(good, 0, "rollback").statusCode())
        .as("while another rollout has them, hosts are not taken from it")
        .isEqualTo(409);
    order(broken, 0, "cancel");
    assertThat(order(good, 0, "rollback").statusCode()).isEqualTo(200);
    canary.fate = SimulatedHost.Fate.GOOD;
    turns(40);
    assertThat(rest()).extracting(SimulatedHost::runs).containsOnly(OS1);
  }

  @Test
  void aHaltedRolloutTakesBackOnlyWhatItTouched() throws Exception {
    hosts.get(2).fate = SimulatedHost.Fate.BREAKS;
    String id = start("\"maxSwitching\":1");
    for (int i = 0; i < 40 && !state(id).equals("HALTED"); i++) {
      turns(1);
    }
    assertThat(state(id)).isEqualTo("HALTED");
    assertThat(canary.runs()).isEqualTo(web2);
    order(id, 0, "rollback");
    turns(20);
    assertThat(state(id)).isEqualTo("ROLLED_BACK");
    assertThat(hosts).extracting(SimulatedHost::runs).containsOnly(OS1);
  }

  @Test
  void aRolloutDoesNotWaitForAHostThatWasRevoked() throws Exception {
    SimulatedHost leaver = hosts.get(2);
    String id = start("");
    turns(1);
    revoke(leaver);
    hosts.remove(leaver);
    turns(40);

    assertThat(rollout(id).get("reason").asText()).isEqualTo("3 of 4 hosts run web:2");
    assertThat(state(id)).isEqualTo("SUCCEEDED");
    order(id, 0, "rollback");
    turns(40);
    assertThat(state(id)).as("nor on the way back").isEqualTo("ROLLED_BACK");
  }

  @Test
  void aRevokedCanaryProvesNothing() throws Exception {
    String id = start("");
    turns(1);
    revoke(canary);

    assertThat(rollout(id).get("reason").asText())
        .isEqualTo("no host of the canary could prove the release");
    assertThat(state(id)).isEqualTo("HALTED");
    assertThat(rest()).allSatisfy(this::wasLeftAlone);
  }

  @Test
  void aRevokedHostIsNoPartOfTheFleetAndItsNameIsFree() throws Exception {
    revoke(canary);
    hosts.remove(canary);
    server.close();
    server = new TestServer(directory);
    for (SimulatedHost host : hosts) {
      host.connect(server);
    }

    assertThat(server.asOperator("GET", "/", "").body())
        .doesNotContain(">web1")
        .contains("<strong>3</strong> hosts", "Not shown: 1 revoked");
    JsonNode known = JSON.readTree(server.asOperator("GET", "/api/v1/hosts", "").body());
    assertThat(known).hasSize(3);
    JsonNode all = JSON.readTree(server.asOperator("GET", "/api/v1/hosts?revoked=true", "").body());
    assertThat(all.get(0).get("name").asText()).isEqualTo("web1 (revoked 1)");
    assertThat(all.get(0).get("state").asText()).isEqualTo("REVOKED");

    new SimulatedHost(server, "web1", server.joinToken(1, 600), OS1).turn();
    assertThat(hostState("web1")).isEqualTo("IDLE");
    assertThat(rollout(start("")).get("total").asInt()).isEqualTo(4);
  }

  @Test
  void aRestartedControllerGoesOn() throws Exception {
    String id = start("");
    for (int i = 0; i < 30 && !state(id).equals("SUCCEEDED"); i++) {
      turns(2);
      server.close();
      server = new TestServer(directory);
      for (SimulatedHost host : hosts) {
        host.connect(server);
      }
    }
    assertThat(state(id)).isEqualTo("SUCCEEDED");
    assertThat(hosts).extracting(SimulatedHost::runs).containsOnly(web2);
    assertThat(hosts).extracting(host -> host.staged).containsOnly(1);
  }

  @Test
  void aGenerationNeverFallsAndARepeatedReportIsAnsweredTheSame() throws Exception {
    start("");
    for (int i = 0; i < 12; i++) {
      turns(1);
      JsonNode first = canary.sync();
      assertThat(canary.send(canary.report())).isEqualTo(first);
    }
    for (SimulatedHost host : hosts) {
      List<Long> generations =
          host.answers.stream().map(answer -> answer.get("generation").asLong()).toList();
      assertThat(generations).isSorted();
    }
  }

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
    turns(40);
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
  void whatCannotBeStartedIsRefusedInASentence() throws Exception {
    assertRefused("{\"release\":\"web:9\",\"selector\":\"all\"}", 404, "no release web:9");
    assertRefused("{\"release\":\"web:2\"}", 400, "Say which hosts");
    assertRefused("{\"release\":\"web:2\",\"selector\":\"rack=\\\"\"}", 400, "not understood");
    assertRefused("{\"release\":\"web:2\",\"selector\":\"rack=r9\"}", 400, "No host has");
    assertRefused(
        "{\"release\":\"web:2\",\"selector\":\"all\",\"maxSwitching\":0}", 400, "maxSwitching");
    assertRefused("{\"release\":\"web:2\",\"selector\":\"all\",\"cannary\":2}", 400, "");
    String id = start("");
    HttpResponse<String> unknown =
        server.asOperator("POST", "/api/v1/rollouts/" + id + "/stop", "");
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.body()).contains("'stop' is no order", "pause, resume, rollback");
    assertRefused("{\"release\":\"web:2\",\"selector\":\"rack=r1\"}", 409, "one rollout at a time");
  }

  @Test
  void aReportOfASlotThatIsNotThereIsRefusedAndChangesNothing() throws Exception {
    String id = start("\"commit\":\"trust\"");
    turns(40);
    HttpResponse<String> answer =
        canary.post(
            canary.nextReport().replace("\"runningSlot\":\"slot2\"", "\"runningSlot\":\"slot9\""));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body())
        .contains("The report says that slot 'slot9' runs, and lists only slot1, slot2.");

    assertThat(order(id, 0, "rollback").statusCode()).isEqualTo(200);
    turns(40);
    assertThat(state(id)).isEqualTo("ROLLED_BACK");
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

  private void assertRefused(String request, int status, String sentence) throws Exception {
    HttpResponse<String> answer = server.asOperator("POST", "/api/v1/rollouts", request);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains(sentence);
  }

  private String start(String more) throws Exception {
    HttpResponse<String> answer =
        server.asOperator(
            "POST",
            "/api/v1/rollouts",
            "{"
                + (more.contains("release") ? "" : "\"release\":\"web:2\",")
                + "\"selector\":\"rack in (r1, r2)\""
                + (more.isEmpty() ? "" : "," + more)
                + "}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return JSON.readTree(answer.body()).get("id").asText();
  }

  private void revoke(SimulatedHost host) throws Exception {
    String id =
        JSON.readTree(server.asOperator("GET", "/api/v1/hosts/" + host.name, "").body())
            .get("id")
            .asText();
    assertThat(server.asOperator("POST", "/api/v1/hosts/" + id + "/revoke", "").statusCode())
        .isEqualTo(204);
  }

  private HttpResponse<String> order(String id, int turnsBefore, String order) throws Exception {
    turns(turnsBefore);
    return server.asOperator("POST", "/api/v1/rollouts/" + id + "/" + order, "");
  }

  private void turns(int number) throws Exception {
    for (int i = 0; i < number; i++) {
      for (SimulatedHost host : hosts) {
        host.turn();
      }
    }
  }

  private void await(String id, String state) throws Exception {
    for (int i = 0; i < 100 && !state(id).equals(state); i++) {
      Thread.sleep(100);
    }
    assertThat(state(id)).isEqualTo(state);
  }

  private List<SimulatedHost> rest() {
    return hosts.subList(1, hosts.size());
  }

  private void wasLeftAlone(SimulatedHost host) {
    assertThat(host.staged).isZero();
    assertThat(host.runs()).isEqualTo(OS1);
    assertThat(host.answers).allSatisfy(a -> assertThat(a.get("want").asText()).isEqualTo("idle"));
  }

  private boolean isSwitching(int host) {
    try {
      return List.of("SWITCHING", "TRIAL_BOOTED", "CHECKING")
          .contains(hostState("web" + (host + 1)));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private JsonNode rollout(String id) throws Exception {
    return JSON.readTree(server.asOperator("GET", "/api/v1/rollouts/" + id, "").body());
  }

  private String state(String id) throws Exception {
    return rollout(id).get("state").asText();
  }

  private String hostState(String name) throws Exception {
    return JSON.readTree(server.asOperator("GET", "/api/v1/hosts/" + name, "").body())
        .get("state")
        .asText();
  }
}
