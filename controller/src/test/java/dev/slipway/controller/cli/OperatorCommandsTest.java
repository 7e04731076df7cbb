package dev.slipway.controller.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.controller.cli.Commands.Ran;
import dev.slipway.controller.fleet.SimulatedHost;
import dev.slipway.controller.fleet.TestRelease;
import dev.slipway.controller.server.TestServer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator types and sees: the commands, a running server, and hosts that follow. */
class OperatorCommandsTest {
  private static final String OS1 = "sha256:" + "1".repeat(64);

  @TempDir Path directory;
  private TestServer server;
  private Commands commands;
  private String web2;
  private SimulatedHost canary;
  private SimulatedHost other;

  @BeforeEach
  void startControllerWithTwoHosts() throws Exception {
    server = new TestServer(directory);
    commands = new Commands(server.commandConfig());
    web2 = TestRelease.publish(server, "web:2");
    String token = commands.done("token", "create", "--label", "rack=r1", "--uses", "2").strip();
    canary = new SimulatedHost(server, "web1", token, OS1);
    other = new SimulatedHost(server, "web2", token, OS1);
    turns(1);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aTokenIsAllThatIsPrintedAndGivesItsLabels() throws Exception {
    String out = commands.done("token", "create", "--label", "role=db", "--label", "rack=r2");

    assertThat(out).matches("[A-Za-z0-9_-]{43}\\.[0-9a-f]{64}\n");
    new SimulatedHost(server, "db1", out.strip(), OS1).turn();
    assertThat(commands.done("host", "list", "--select", "role=db"))
        .isEqualTo(
            """
            HOST  STATE  RUNS          SLOT   LABELS
            db1   idle   111111111111  slot1  rack=r2,role=db
            """);
  }

  @Test
  void releasesAreListedWithWhatAHostDownloads() throws Exception {
    JsonNode listed = commands.json("release", "list", "--json").get(0);

    assertThat(listed.get("digest").asText()).isEqualTo(web2);
    assertThat(commands.done("release", "list"))
        .isEqualTo(
            "RELEASE  KERNEL  SIZE     PUBLISHED             DIGEST\n"
                + "web:2    6.1.0   0.0 MiB  "
                + listed.get("publishedAt").asText()
                + "  "
                + web2
                + "\n");
  }

  @Test
  void hostsAreListedAndShownWithTheirSlots() throws Exception {
    assertThat(commands.done("host", "list"))
        .isEqualTo(
            """
            HOST  STATE  RUNS          SLOT   LABELS
            web1  idle   111111111111  slot1  rack=r1
            web2  idle   111111111111  slot1  rack=r1
            """);
    assertThat(commands.json("host", "list", "--json")).hasSize(2);
    assertThat(commands.json("host", "list", "--json", "--select", "rack=r2")).isEmpty();

    JsonNode shown = commands.json("host", "show", "web1", "--json");
    assertThat(shown.get("runningSlot").asText()).isEqualTo("slot1");
    assertThat(commands.done("host", "show", "web1"))
        .isEqualTo(
            "web1: idle\n"
                + "  runs 111111111111 in slot1, mode committed, proof cold; last heard "
                + shown.get("lastSeen").asText()
                + "\n"
                + "  slot slot1            111111111111         running, default\n"
                + "  slot slot2            empty                \n");
  }

  @Test
  void aRolloutIsStartedShownAndWatchedUntilItSucceeded() throws Exception {
    String started = commands.done("rollout", "start", "web:2", "--select", "rack=r1");
    assertThat(started)
        .startsWith("r1  web:2  running: 0 of 2 good, 0 failed\n")
        .contains("Waits for web1 to begin staging", "wave 1, canary: 0 of 1 good")
        .contains("wave 2, rest (not open yet)");
    var watched = CompletableFuture.supplyAsync(() -> commands.run("rollout", "watch", "r1"));
    for (int i = 0; i < 40 && !state("r1").equals("SUCCEEDED"); i++) {
      turns(1);
    }

    Ran watch = watched.get(30, TimeUnit.SECONDS);
    assertThat(watch.exitCode()).as(watch.err()).isZero();
    assertThat(watch.out().lines())
        .first()
        .asString()
        .endsWith("rollout r1: operator started web:2 on 2 hosts");
    assertThat(watch.out())
        .contains("web1 (web:2): good", "wave 1 passed, wave 2 opens", "web2 (web:2): good")
        .endsWith("rollout r1: succeeded: 2 of 2 hosts run web:2\n");
    assertThat(canary.runs()).isEqualTo(web2);
    assertThat(commands.done("rollout", "show", "r1"))
        .startsWith("r1  web:2  succeeded: 2 of 2 good, 0 failed\n");
    assertThat(commands.done("rollout", "list").lines().toList())
        .hasSize(2)
        .last()
        .asString()
        .startsWith("r1       web:2    succeeded  2 of 2  ");
  }

  @Test
  void aHaltedRolloutEndsTheWatchWithOneAndNeverGoesOn() throws Exception {
    canary.fate = SimulatedHost.Fate.BREAKS;
    commands.done("rollout", "start", "web:2", "--select", "all");
    turns(8);

    Ran watch = commands.run("rollout", "watch", "r1");
    assertThat(watch.exitCode()).isEqualTo(1);
    assertThat(watch.out())
        .contains("rollout r1: halted: the canary failed: web1 fell back")
        .contains("web.sh: no answer on port 80");
    commands.fails(3, "A halted rollout never goes on", "rollout", "resume", "r1");
    assertThat(commands.done("rollout", "cancel", "r1", "--reason", "bad release"))
        .startsWith("r1  web:2  cancelled:")
        .contains("operator: bad release");

    assertThat(commands.done("host", "show", "web1")).contains("not offered again: ");
    assertThat(commands.done("host", "clear", "web1", "--reason", "mended"))
        .doesNotContain("not offered again");
    commands.fails(3, "Nothing is held against web1", "host", "clear", "web1", "--reason", "again");
  }

  @Test
  void aPausedRolloutWaitsGoesOnAndIsTakenBack() throws Exception {
    commands.done("rollout", "start", "web:2", "--select", "all", "--commit", "trust");
    assertThat(commands.done("rollout", "pause", "r1", "--reason", "lunch"))
        .startsWith("r1  web:2  paused:")
        .contains("Paused by operator: lunch", "controller rollout resume r1");
    turns(6);
    assertThat(canary.runs()).isEqualTo(OS1);
    commands.fails(3, "paused", "rollout", "pause", "r1");

    assertThat(commands.done("rollout", "resume", "r1")).startsWith("r1  web:2  running:");
    turns(30);
    assertThat(List.of(canary.runs(), other.runs())).containsOnly(web2);

    assertThat(commands.done("rollout", "rollback", "r1", "--reason", "latency"))
        .startsWith("r1  web:2  rolling back:")
        .contains("(back)");
    turns(30);
    assertThat(List.of(canary.runs(), other.runs())).containsOnly(OS1);
    assertThat(commands.run("rollout", "watch", "r1").exitCode())
        .as("everything is back: a good end")
        .isZero();
  }

  @Test
  void aRevokedHostIsGoneFromTheListAndCanBeSeenWhenAskedFor() throws Exception {
    assertThat(commands.done("host", "revoke", "web1"))
        .isEqualTo("Revoked web1: it is no longer answered.\n");

    assertThat(commands.done("host", "list").lines()).hasSize(2).noneMatch(l -> l.contains("web1"));
    assertThat(commands.done("host", "list", "--revoked"))
        .isEqualTo(
            """
            HOST              STATE    RUNS          SLOT   LABELS
            web1 (revoked 1)  revoked  111111111111  slot1  rack=r1
            web2              idle     111111111111  slot1  rack=r1
            """);
    assertThat(commands.done("host", "show", "web1 (revoked 1)"))
        .startsWith("web1 (revoked 1): revoked\n");
    commands.fails(1, "There is no host 'web1'", "host", "revoke", "web1");
    commands.fails(1, "not revoked already", "host", "revoke", "web1 (revoked 1)");
    assertThat(commands.done("rollout", "start", "web:2", "--select", "all"))
        .contains("0 of 1 good")
        .doesNotContain("web1");
  }

  @Test
  void programsGetTheSameAsJson() throws Exception {
    JsonNode started =
        commands.json("rollout", "start", "web:2", "--select", "all", "--canary", "0", "--json");

    assertThat(started.get("id").asText()).isEqualTo("r1");
    assertThat(started.get("waves")).hasSize(1);
    assertThat(commands.json("rollout", "show", "r1", "--json").get("digest").asText())
        .isEqualTo(web2);
    assertThat(commands.json("rollout", "list", "--json")).hasSize(1);
  }

  private String state(String rollout) throws Exception {
    return commands.json("rollout", "show", rollout, "--json").get("state").asText();
  }

  private void turns(int number) throws Exception {
    for (int i = 0; i < number; i++) {
      canary.turn();
      other.turn();
    }
  }
}
