package dev.slipway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.e2e.vm.Disk;
import dev.slipway.e2e.vm.Firmware;
import dev.slipway.e2e.vm.Hypervisor;
import dev.slipway.e2e.vm.Machine;
import dev.slipway.e2e.vm.Shell;
import dev.slipway.e2e.vm.VirtualMachine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A disk with an msdos table boots under both firmwares, and a host on it switches, warm and cold,
 * into a slot that is a logical partition.
 */
@Tag("vm")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MsdosDiskTest {
  private static final Duration BOOT = Duration.ofMinutes(8);

  private final Checkout checkout = new Checkout();

  private static List<Firmware> drawn() {
    return List.of(Drawn.oneOf(MsdosDiskTest.class, Firmware.values()));
  }

  private static List<Firmware> others() {
    return Drawn.othersOf(MsdosDiskTest.class, Firmware.values());
  }

  @ParameterizedTest
  @MethodSource("drawn")
  void aHostSwitchesIntoALogicalPartitionAndIsCommittedByAColdBoot(Firmware firmware) {
    switches(firmware);
  }

  @Tag("campaign")
  @ParameterizedTest
  @MethodSource("others")
  void soItDoesUnderTheOtherFirmware(Firmware firmware) {
    switches(firmware);
  }

  private void switches(Firmware firmware) {
    Path golden = checkout.tinyMsdosDisk();
    try (Hypervisor hypervisor = new Hypervisor(Path.of("target/vm/msdos-" + firmware));
        VirtualMachine vm =
            hypervisor.create(
                Machine.named("msdos")
                    .memory(768)
                    .firmware(firmware)
                    .disk(Disk.overlay(golden, hypervisor.newFile("disk.qcow2"))))) {
      vm.powerOn();
      Shell shell = up(vm, "slot1", "committed");
      // The data partition, which the initrd finds by its name beside the table.
      shell.check("grep -q ' /var/lib/slipway ' /proc/mounts");
      assertThat(shell.check("cat /etc/hostname")).isEqualTo("tiny1");
      shell.write("/var/lib/slipway/agent.conf", "{\"soakSeconds\": 1}\n");
      AgentOnHost agent = new AgentOnHost(shell);
      agent.awaitPhase("idle", BOOT);

      agent.leaveFor("slot3");
      Shell warm = up(vm, "slot3", "warmtrial");
      JsonNode good = new AgentOnHost(warm).awaitPhase("good", BOOT);
      assertThat(good.get("defaultSlot").asText()).isEqualTo("slot1");

      warm.leave("reboot");
      Shell cold = up(vm, "slot3", "coldtrial");
      assertThat(cold.check("sed -n 's/.*root=PARTUUID=\\([^ ]*\\).*/\\1/p' /proc/cmdline"))
          .matches("[0-9a-f]{8}-05");
      new AgentOnHost(cold)
          .awaitStatus(
              "committed to slot3",
              BOOT,
              status -> status.get("defaultSlot").asText().equals("slot3"));
    }
  }

  private static Shell up(VirtualMachine vm, String slot, String mode) {
    vm.console().expect("tiny slot: up, slot " + slot + ", mode " + mode + "\n", BOOT);
    return Shell.atPrompt(vm.console(), BOOT);
  }
}
