package dev.slipway.controller.osimage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.linux.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the agent's units promise for a boot that hangs. */
class AgentBundleTest {
  private static final String UNITS = "/etc/systemd/system/";
  private static final String AGENT = "slipway-agent.service";
  private static final String DEADLINE = "slipway-trial-deadline.service";

  @TempDir private Path directory;
  private TestTree tree;
  private ChangeLog changes;

  @BeforeEach
  void anImageWithAnAgent() throws IOException {
    Path bundle = directory.resolve("bundle");
    Path agent = bundle.resolve("usr/lib/slipway/agent/bin/agent");
    Files.createDirectories(agent.getParent());
    Files.writeString(agent, "#!/bin/sh\n");
    Files.setPosixFilePermissions(agent, PosixFilePermissions.fromString("rwxr-xr-x"));
    tree = new TestTree(Files.createDirectory(directory.resolve("tree")));
    tree.systemd("sysinit.target").directory("/usr/bin");
    changes = tree.apply(new AgentBundle(bundle));
  }

  private List<String> lines(String unit) {
    return tree.read(UNITS + unit).lines().toList();
  }

  @Test
  void bothStartBeforeAnythingThatCanHang() {
    for (String unit : List.of(AGENT, DEADLINE)) {
      assertThat(lines(unit)).contains("DefaultDependencies=no");
      assertThat(lines(unit))
          .filteredOn(line -> line.startsWith("After=") || line.startsWith("Requires="))
          .as("%s waits for nothing but the data partition, which the initrd has mounted", unit)
          .isSubsetOf("After=var-lib-slipway.mount");
      assertThat(tree.has(UNITS + "sysinit.target.wants/" + unit)).isTrue();
    }
  }

  @Test
  void theAgentIsStoppedInOrderForItsFarewell() {
    assertThat(lines(AGENT)).contains("Conflicts=shutdown.target", "Before=shutdown.target");
  }

  @Test
  void theDeadlineHoldsInTrialsAlsoWhereTheBootEndsInAnEmergency() {
    assertThat(lines(DEADLINE))
        .contains(
            "ConditionKernelCommandLine=|slipway.mode=warmtrial",
            "ConditionKernelCommandLine=|slipway.mode=coldtrial");
    assertThat(tree.has(UNITS + "emergency.target.wants/" + DEADLINE)).isTrue();
    assertThat(tree.has(UNITS + "rescue.target.wants/" + DEADLINE)).isTrue();
    assertThat(Files.isExecutable(tree.root.resolve("usr/lib/slipway/trial-deadline"))).isTrue();
  }

  @Test
  void theDeadlineOutlivesAShutdownThatHangs() {
    assertThat(lines(DEADLINE)).noneMatch(line -> line.contains("shutdown.target"));
  }

  @Test
  void everythingThatIsAddedIsListed() throws IOException {
    List<String> listed = changes.all().stream().map(Change::path).toList();
    try (Stream<Path> files = Files.walk(tree.root)) {
      assertThat(
              files
                  .map(file -> "/" + tree.root.relativize(file))
                  .filter(file -> file.contains("slipway-") || file.endsWith("trial-deadline")))
          .isNotEmpty()
          .isSubsetOf(listed);
    }
  }

  @Test
  void systemdUnderstandsTheUnits() {
    Command.Result result =
        Command.of(
                "systemd-analyze",
                "verify",
                "--man=no",
                tree.root.resolve(UNITS.substring(1) + AGENT).toString(),
                tree.root.resolve(UNITS.substring(1) + DEADLINE).toString())
            .runUnchecked();
    // What it says of programs that this machine does not have is not about the units.
    assertThat(result.err().lines().filter(line -> !line.contains("is not executable")))
        .filteredOn(line -> line.contains("slipway-"))
        .isEmpty();
  }
}
