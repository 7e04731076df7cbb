package dev.slipway.controller.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.controller.fleet.SimulatedHost;
import dev.slipway.controller.fleet.TestRelease;
import dev.slipway.controller.server.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages in a real browser, left open while a rollout goes on. */
class LivePageTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;
  private TestServer server;
  private Browser browser;
  private final List<SimulatedHost> hosts = new ArrayList<>();

  @BeforeEach
  void startControllerWithTwoHostsAndABrowser() throws Exception {
    server = new TestServer(directory);
    TestRelease.publish(server, "web:2");
    String token = server.joinToken(2, 600);
    for (String name : List.of("web1", "web2")) {
      hosts.add(new SimulatedHost(server, name, token, "sha256:" + "1".repeat(64)));
    }
    turns(1);
    browser = new Browser(Files.createDirectory(directory.resolve("browser")));
  }

  @AfterEach
  void stop() throws Exception {
    if (browser != null) {
      browser.close();
    }
    server.close();
  }

  @Test
  void anOpenPageFollowsTheRolloutWithoutBeingReloaded() throws Exception {
    String id =
        JSON.readTree(
                server
                    .asOperator(
                        "POST",
                        "/api/v1/rollouts",
                        "{\"release\":\"web:2\",\"selector\":\"all\",\"canary\":1}")
                    .body())
            .get("id")
            .asText();
    browser.open(server.uri("/rollouts/" + id), server.operator());
    browser.await("summary", "running", "0 of 2 hosts good");
    browser.await("link", "live");
    browser.evaluate("window.neverReloaded = 'yes'");

    turns(40);
    browser.await("summary", "succeeded", "2 of 2 hosts good");
    assertThat(browser.text("events")).contains("web1", "web2", "rollout " + id + ": succeeded");
    assertThat(browser.evaluate("window.neverReloaded")).isEqualTo("yes");
  }

  @Test
  void theOpenFleetPageShowsEveryHostWithItsSlotsAndWhatBecomesOfIt() throws Exception {
    browser.open(server.uri("/"), server.operator());
    browser.await("hosts", "web1", "web2", "slot1", "slot2");
    browser.await("link", "live");

    hosts.get(0).fate = SimulatedHost.Fate.BREAKS;
    server.asOperator(
        "POST", "/api/v1/rollouts", "{\"release\":\"web:2\",\"selector\":\"all\",\"canary\":1}");
    turns(8);
    browser.await("findings", "web1", "fell back in r1");
    browser.await("rollouts", "r1", "halted");
  }

  private void turns(int number) throws Exception {
    for (int i = 0; i < number; i++) {
      for (SimulatedHost host : hosts) {
        host.turn();
      }
    }
  }
}
