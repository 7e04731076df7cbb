package dev.slipway.controller.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.controller.server.TestServer;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A real controller, and four machines that have joined it and speak its protocol over TLS. */
abstract class FleetOfFour {
  static final ObjectMapper JSON = new ObjectMapper();
  static final String OS1 = "sha256:" + "1".repeat(64);

  @TempDir Path directory;
  TestServer server;
  List<SimulatedHost> hosts;
  SimulatedHost canary;
  String web2;

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

  /** The controller ends and comes back; its hosts find it again. */
  void restartController() throws Exception {
    server.close();
    server = new TestServer(directory);
    for (SimulatedHost host : hosts) {
      host.connect(server);
    }
  }

  void turns(int number) throws Exception {
    for (int i = 0; i < number; i++) {
      for (SimulatedHost host : hosts) {
        host.turn();
      }
    }
  }

  /** As many turns as it takes, forty at most. */
  void turnsUntil(String id, String state) throws Exception {
    for (int i = 0; i < 40 && !state(id).equals(state); i++) {
      turns(1);
    }
    assertThat(state(id)).isEqualTo(state);
  }

  String start(String more) throws Exception {
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

  HttpResponse<String> order(String id, int turnsBefore, String order) throws Exception {
    turns(turnsBefore);
    return server.asOperator("POST", "/api/v1/rollouts/" + id + "/" + order, "");
  }

  void revoke(SimulatedHost host) throws Exception {
    String id =
        JSON.readTree(server.asOperator("GET", "/api/v1/hosts/" + host.name, "").body())
            .get("id")
            .asText();
    assertThat(server.asOperator("POST", "/api/v1/hosts/" + id + "/revoke", "").statusCode())
        .isEqualTo(204);
  }

  void await(String id, String state) throws Exception {
    for (int i = 0; i < 100 && !state(id).equals(state); i++) {
      Thread.sleep(100);
    }
    assertThat(state(id)).isEqualTo(state);
  }

  List<SimulatedHost> rest() {
    return hosts.subList(1, hosts.size());
  }

  void wasLeftAlone(SimulatedHost host) {
    assertThat(host.staged).isZero();
    assertThat(host.runs()).isEqualTo(OS1);
    assertThat(host.answers).allSatisfy(a -> assertThat(a.get("want").asText()).isEqualTo("idle"));
  }

  JsonNode rollout(String id) throws Exception {
    return JSON.readTree(server.asOperator("GET", "/api/v1/rollouts/" + id, "").body());
  }

  String state(String id) throws Exception {
    return rollout(id).get("state").asText();
  }

  String hostState(String name) throws Exception {
    return JSON.readTree(server.asOperator("GET", "/api/v1/hosts/" + name, "").body())
        .get("state")
        .asText();
  }
}
