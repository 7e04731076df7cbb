package dev.slipway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.e2e.vm.Disk;
import dev.slipway.e2e.vm.Hypervisor;
import dev.slipway.e2e.vm.Machine;
import dev.slipway.e2e.vm.Shell;
import dev.slipway.e2e.vm.VirtualMachine;
import dev.slipway.e2e.vm.VmException;
import dev.slipway.linux.Command;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A controller and two hosts made from one disk: they join, take a release by canary and rest; a
 * broken release halts at its canary, which comes back; the fleet goes back.
 */
@Tag("vm")
class FleetE2eTest {
  private static final Duration LONG = Duration.ofMinutes(15);

  private final ObjectMapper json = new ObjectMapper();
  private final Checkout checkout = new Checkout();

  @Test
  @Timeout(value = 45, unit = TimeUnit.MINUTES)
  void twoHostsTakeAReleaseRefuseABrokenOneAndGoBack(@TempDir Path directory) throws Exception {
    Path golden = checkout.tinyDisk();
    Path config = configuration(directory);
    Process server =
        new ProcessBuilder(checkout.controller("server", config.toString()))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("server.log").toFile())
            .start();
    try (Hypervisor hypervisor = new Hypervisor(Path.of("target/vm/fleet"))) {
      awaitServer(server, directory.resolve("server.log"));
      String token =
          checkout
              .runController("token", "create", "--uses", "2", "--config", config.toString())
              .lines()
              .map(String::strip)
              .filter(line -> line.matches("\\S+\\.[0-9a-f]{64}"))
              .findFirst()
              .orElseThrow();
      String url = "https://10.0.2.2:" + port(config);
      List<VirtualMachine> hosts = new ArrayList<>();
      for (int number = 1; number <= 2; number++) {
        VirtualMachine vm =
            hypervisor.create(
                Machine.named("host" + number)
                    .memory(768)
                    .disk(Disk.overlay(golden, hypervisor.newFile("disk.qcow2"))));
        hosts.add(vm.powerOn());
      }
      for (VirtualMachine vm : hosts) {
        vm.console().expect("tiny slot: up, slot slot1, mode committed\n", LONG);
        Shell shell = Shell.atPrompt(vm.console(), LONG);
        shell.check("echo " + vm.name() + " > /var/lib/slipway/host/hostname");
        shell.check("hostname " + vm.name());
        shell.write("/var/lib/slipway/agent.conf", "{\"soakSeconds\": 1}\n");
        shell.check("agent join " + url + " - <<'END'\n" + token + "\nEND", LONG);
      }

      publish(directory, config, "2", "#!/bin/sh\nexit 0\n");
      start(config, "web:2");
      int exit = watch(config, "r1");
      JsonNode done = show(config, "r1");
      assertThat(exit).as(done.toPrettyString()).isZero();
      assertThat(done.get("good").asInt()).isEqualTo(2);
      assertThat(done.get("failed").asInt()).isZero();
      assertThat(runs(config)).containsExactly("web:2", "web:2");
      JsonNode canary = done.at("/waves/0/hosts");
      JsonNode rest = done.at("/waves/1/hosts");
      assertThat(List.of(canary.size(), rest.size())).containsExactly(1, 1);
      // The rest was proved last, and only after the canary was.
      assertThat(instant(rest.get(0), "since")).isAfter(instant(canary.get(0), "since"));

      publish(directory, config, "3", "#!/bin/sh\necho the new web does not answer\nexit 1\n");
      start(config, "web:3");
      assertThat(watch(config, "r2")).isEqualTo(1);
      JsonNode halted = show(config, "r2");
      assertThat(halted.get("state").asText()).isEqualTo("HALTED");
      assertThat(halted.get("failed").asInt()).as(halted.toPrettyString()).isEqualTo(1);
      assertThat(halted.toString()).contains("health:");
      assertThat(runs(config)).containsExactly("web:2", "web:2");

      // Whatever the hosts go back to, they have it: there is nothing left to download.
      Path blobs = directory.resolve("data/blobs/sha256");
      try (Stream<Path> stored = Files.list(blobs)) {
        assertThat(stored).isNotEmpty();
      }
      Files.move(blobs, directory.resolve("out-of-reach"));
      checkout.runController("rollout", "cancel", "r2", "--config", config.toString());
      checkout.runController("rollout", "rollback", "r1", "--config", config.toString());
      exit = watch(config, "r1");
      JsonNode back = show(config, "r1");
      assertThat(back.get("state").asText()).as(back.toPrettyString()).isEqualTo("ROLLED_BACK");
      assertThat(exit).isZero();
      assertThat(runs(config)).doesNotContain("web:2", "web:3");
    } finally {
      server.destroy();
      server.waitFor();
    }
  }

  private static Path configuration(Path directory) throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      Path config = directory.resolve("config.yml");
      Files.writeString(
          config,
          """
          data: %s
          hostnames: [10.0.2.2, localhost]
          port: %d
          fleet: {idleSeconds: 2, busySeconds: 2}
          """
              .formatted(directory.resolve("data"), free.getLocalPort()));
      return config;
    }
  }

  private static String port(Path config) throws IOException {
    return Files.readAllLines(config).stream()
        .filter(line -> line.startsWith("port: "))
        .map(line -> line.substring(6))
        .findFirst()
        .orElseThrow();
  }

  private static void awaitServer(Process server, Path log) throws Exception {
    for (int i = 0; i < 240; i++) {
      if (Files.readString(log).contains("answers on")) {
        return;
      }
      if (!server.isAlive()) {
        break;
      }
      TimeUnit.MILLISECONDS.sleep(500);
    }
    throw new VmException("The server did not start: " + Files.readString(log));
  }

  /** A release whose health is decided by the script. */
  private void publish(Path directory, Path config, String version, String healthCheck)
      throws IOException {
    Path tree = directory.resolve("tree" + version);
    Path check = tree.resolve("etc/slipway/health.d/web");
    Files.createDirectories(check.getParent());
    Files.writeString(check, healthCheck);
    check.toFile().setExecutable(true, false);
    Path archive = directory.resolve("web" + version + ".tar");
    Files.copy(checkout.tinySlot().archive(), archive);
    Command.of(
            "tar",
            "--append",
            "--owner=0",
            "--group=0",
            "-f",
            archive.toString(),
            "-C",
            tree.toString(),
            "./etc/slipway/health.d/web")
        .run();
    checkout.runController(
        "release",
        "publish",
        "rootfs:" + archive,
        "--initrd",
        "keep",
        "--name",
        "web",
        "--version",
        version,
        "--config",
        config.toString());
  }

  private void start(Path config, String release) {
    checkout.runController(
        "rollout",
        "start",
        release,
        "--select",
        "all",
        "--canary",
        "1",
        "--commit",
        "trust",
        "--config",
        config.toString());
  }

  /** Until the rollout is over or halts; the exit code, 124 when that does not come. */
  private int watch(Path config, String id) {
    List<String> command = new ArrayList<>(List.of("timeout", "1200"));
    command.addAll(checkout.controller("rollout", "watch", id, "--config", config.toString()));
    return Command.of(command).runUnchecked().exit();
  }

  private JsonNode show(Path config, String id) throws IOException {
    return json.readTree(
        checkout.runController("rollout", "show", id, "--json", "--config", config.toString()));
  }

  private static Instant instant(JsonNode object, String field) {
    return Instant.parse(object.get(field).asText());
  }

  private JsonNode list(Path config) throws IOException {
    return json.readTree(
        checkout.runController("host", "list", "--json", "--config", config.toString()));
  }

  private List<String> runs(Path config) throws IOException {
    List<String> runs = new ArrayList<>();
    for (JsonNode host : list(config)) {
      runs.add(host.get("runs").asText());
    }
    return runs;
  }
}
