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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Debian 12 on XFS and Debian 13 on ext4, on one disk, with systemd, dracut and ssh as they come.
 * What needs no real distribution is tested on tiny slots ({@link TinySwitchTest}).
 */
@Tag("vm")
class SwitchE2eTest {
  private static final Duration BOOT = Duration.ofMinutes(15);

  private final Checkout checkout = new Checkout();

  @Test
  void debian12SwitchesWarmToDebian13WhichAColdBootConfirmsAndGoesBack() {
    try (Hypervisor hypervisor = new Hypervisor(Path.of("target/vm/switch"))) {
      VirtualMachine vm = machine(hypervisor, "bios", Firmware.BIOS).powerOn();
      Shell shell = login(vm);
      assertSlot(shell, "slot1", "bookworm", "xfs");
      String machineId = shell.check("cat /etc/machine-id");
      String hostKey = shell.check("cat /etc/ssh/ssh_host_ed25519_key.pub");
      shell.write(
          "/var/lib/slipway/agent.conf", "{\"soakSeconds\": 1, \"healthDeadlineSeconds\": 1200}\n");
      new AgentOnHost(shell).awaitPhase("idle", BOOT);

      new AgentOnHost(shell).leaveFor("slot2");
      shell = login(vm);
      assertSlot(shell, "slot2", "trixie", "ext4");
      assertThat(shell.check("cat /proc/sys/kernel/bootloader_type")).isEqualTo("208");
      assertThat(shell.check("cat /etc/machine-id")).isEqualTo(machineId);
      assertThat(shell.check("cat /etc/ssh/ssh_host_ed25519_key.pub")).isEqualTo(hostKey);
      JsonNode good = new AgentOnHost(shell).awaitPhase("good", BOOT);
      assertThat(good.get("defaultSlot").asText()).isEqualTo("slot1");

      shell.leave("systemctl reboot");
      shell = login(vm);
      assertSlot(shell, "slot2", "trixie", "ext4");
      new AgentOnHost(shell)
          .awaitStatus(
              "committed to slot2",
              BOOT,
              status -> status.get("defaultSlot").asText().equals("slot2"));

      shell.leave("agent rollback");
      shell = login(vm);
      assertSlot(shell, "slot1", "bookworm", "xfs");
      new AgentOnHost(shell)
          .awaitStatus(
              "back on slot1", BOOT, status -> status.get("defaultSlot").asText().equals("slot1"));
    }
  }

  @Test
  void bothSlotsBootThroughTheFirmwareOfUefi() {
    try (Hypervisor hypervisor = new Hypervisor(Path.of("target/vm/switch"))) {
      VirtualMachine vm = machine(hypervisor, "uefi", Firmware.UEFI).powerOn();
      Shell shell = login(vm);
      assertThat(shell.run("test -d /sys/firmware/efi").exit()).isZero();
      assertSlot(shell, "slot1", "bookworm", "xfs");
      new AgentOnHost(shell).awaitPhase("idle", BOOT);
      new AgentOnHost(shell).leaveFor("slot2", "--cold");
      shell = login(vm);
      assertThat(shell.run("test -d /sys/firmware/efi").exit()).isZero();
      assertSlot(shell, "slot2", "trixie", "ext4");
    }
  }

  private VirtualMachine machine(Hypervisor hypervisor, String name, Firmware firmware) {
    return hypervisor.create(
        Machine.named(name)
            .memory(1536)
            .processors(2)
            .firmware(firmware)
            .disk(Disk.overlay(checkout.debianDisk(), hypervisor.newFile("disk.qcow2"))));
  }

  private static Shell login(VirtualMachine vm) {
    return Shell.login(vm.console(), "root", Checkout.PASSWORD, BOOT);
  }

  private static void assertSlot(Shell shell, String slot, String codename, String fileSystem) {
    assertThat(shell.check("cat /proc/cmdline")).contains("slipway.slot=" + slot);
    assertThat(shell.check("cat /etc/os-release")).contains("VERSION_CODENAME=" + codename);
    assertThat(shell.check("findmnt -no FSTYPE /")).isEqualTo(fileSystem);
    assertThat(shell.check("hostname")).isEqualTo("host1");
  }
}
