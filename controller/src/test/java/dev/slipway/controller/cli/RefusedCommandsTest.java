package dev.slipway.controller.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.controller.fleet.TestRelease;
import dev.slipway.controller.server.ControllerServer;
import dev.slipway.controller.server.TestServer;
import dev.slipway.linux.OperatorError;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator is told when a command cannot be followed: one sentence on standard error. */
class RefusedCommandsTest {
  @TempDir private static Path directory;
  private static TestServer server;
  private static Commands commands;

  @BeforeAll
  static void startController() throws Exception {
    server = new TestServer(directory);
    commands = new Commands(server.commandConfig());
    TestRelease.publish(server, "web:2");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void aTokenThatCouldNeverBeUsedIsNotMade() {
    commands.fails(1, "can be used 1 to 1000000 times, not 0", "token", "create", "--uses", "0");
    commands.fails(1, "The label 'a b=c' is not possible", "token", "create", "--label", "a b=c");
    commands.fails(1, "at most 366 days", "token", "create", "--expires", "367d");
  }

  @Test
  void everyTimeIsWrittenAlike() {
    String[][] commandsWithTimes = {
      {"token", "create", "--expires"},
      {"rollout", "start", "web:2", "--select", "all", "--stage-timeout"},
      {"rollout", "start", "web:2", "--select", "all", "--switch-timeout"}
    };
    for (String[] command : commandsWithTimes) {
      for (String time : new String[] {"90s", "15m", "24h", "7d", "PT15M"}) {
        Commands.Ran ran = commands.run(with(command, time));
        assertThat(ran.exitCode()).as("%s: %s", time, ran.err()).isNotEqualTo(2);
      }
      for (String time : new String[] {"tomorrow", "15", "0m", "1.5h", "PT15X", "PT-5M", "PT0S"}) {
        String err =
            commands.fails(
                2,
                "'" + time + "' is no time: write a number and s, m, h or d, as in 15m or 24h",
                with(command, time));
        assertThat(err).contains(command[command.length - 1]).doesNotContain("java.time");
      }
    }
  }

  private static String[] with(String[] command, String value) {
    return Stream.concat(Stream.of(command), Stream.of(value)).toArray(String[]::new);
  }

  @Test
  void whatDoesNotExistIsSaidInASentence() {
    commands.fails(
        1, "There is no rollout 'r9'. 'controller rollout list' shows", "rollout", "show", "r9");
    commands.fails(1, "There is no rollout 'r9'", "rollout", "watch", "r9");
    commands.fails(1, "There is no rollout 'r9'", "rollout", "rollback", "r9");
    commands.fails(1, "'web' is no rollout: their names are r1", "rollout", "show", "web");
    commands.fails(1, "There is no host 'db9'. 'controller host list'", "host", "show", "db9");
    commands.fails(1, "There is no host 'db9'", "host", "revoke", "db9");
    commands.fails(1, "'a b/c' is no host: their names are", "host", "show", "a b/c");
    commands.fails(1, "'' is no host", "host", "show", "");
    commands.fails(1, "There is no release web:9", "rollout", "start", "web:9", "--select", "all");
    commands.fails(1, "write NAME:VERSION", "rollout", "start", "web", "--select", "all");
  }

  @Test
  void aSelectorThatIsNotUnderstoodOrChoosesNobodyStartsNothing() throws Exception {
    commands.fails(1, "'role in db' in the selector", "host", "list", "--select", "role in db");
    commands.fails(1, "is not understood", "rollout", "start", "web:2", "--select", "rack in r1");
    commands.fails(1, "No host has joined yet", "rollout", "start", "web:2", "--select", "all");
    assertThat(commands.json("rollout", "list", "--json")).isEmpty();
  }

  @Test
  void wrongUsageEndsWithTwo() {
    commands.fails(2, "--select", "rollout", "start", "web:2");
    commands.fails(2, "--reason", "host", "clear", "web1");
    commands.fails(2, "ROLLOUT", "rollout", "show");
    commands.fails(
        2, "--canary", "rollout", "start", "web:2", "--select", "all", "--canary", "few");
  }

  @Test
  void withoutARunningServerEveryCommandSaysHowToStartIt() throws Exception {
    int nobodysPort;
    try (var socket = new ServerSocket(0)) {
      nobodysPort = socket.getLocalPort();
    }
    Path config = directory.resolve("stopped.yml");
    Files.writeString(config, "data: " + server.data() + "\nport: " + nobodysPort + "\n");
    for (String[] command :
        new String[][] {
          {"release", "list"},
          {"rollout", "list"},
          {"rollout", "show", "r1"},
          {"rollout", "watch", "r1"},
          {"rollout", "pause", "r1"},
          {"rollout", "start", "web:2", "--select", "all"},
          {"host", "list"},
          {"host", "show", "web1"},
          {"host", "revoke", "web1"},
          {"host", "clear", "web1", "--reason", "x"},
          {"token", "create"}
        }) {
      String err = new Commands(config).fails(1, "controller", command);
      assertThat(err)
          .isEqualTo(
              "controller: The controller's server does not answer on port %d. Start it with 'controller server %s'.\n"
                  .formatted(nobodysPort, config));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://ctl.example", "ctl.example:8443", "300.1.1.1", "ctl example", "a..b"})
  void aHostnameThatIsNoneIsNamedWithItsFileAndKey(String name) throws Exception {
    Path config = directory.resolve("hostnames.yml");
    Files.writeString(
        config,
        "data: %s\nport: 0\nhostnames: [ctl, 192.0.2.7, '2001:db8::7', '%s']\n"
            .formatted(directory.resolve("never"), name));

    String sentence =
        config
            + ": 'hostnames' has \""
            + name
            + "\", which is neither a DNS name nor an IP address";
    new Commands(config).fails(1, sentence, "host", "list");
    assertThatThrownBy(() -> ControllerServer.start(config))
        .isInstanceOf(OperatorError.class)
        .hasMessageStartingWith(sentence);
    assertThat(directory.resolve("never")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ctl_1", "ctl_1.example", "_ctl"})
  void aHostnameWithAnUnderscoreIsRefusedWithTheReason(String name) throws Exception {
    Path config = directory.resolve("underscore.yml");
    Files.writeString(
        config,
        "data: %s\nport: 0\nhostnames: ['%s']\n".formatted(directory.resolve("never"), name));

    assertThatThrownBy(() -> ControllerServer.start(config))
        .isInstanceOf(OperatorError.class)
        .hasMessageStartingWith(config + ": 'hostnames' has \"" + name + "\"")
        .hasMessageContaining("a URL cannot name a host with an underscore")
        .hasMessageEndingWith("Give it another DNS name, or write its IP address.");
    assertThat(directory.resolve("never")).doesNotExist();
  }

  @Test
  void withoutAConfigurationOrAServerThatEverRanThereIsNobodyToAsk() throws Exception {
    new Commands(directory.resolve("absent.yml"))
        .fails(1, "absent.yml. Name it with --config FILE", "host", "list");
    Path fresh = directory.resolve("fresh.yml");
    Files.writeString(fresh, "data: " + directory.resolve("fresh") + "\n");
    new Commands(fresh)
        .fails(1, "the controller makes it when its server starts first", "host", "list");
  }
}
