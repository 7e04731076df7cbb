package dev.slipway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.e2e.vm.Disk;
import dev.slipway.e2e.vm.Hypervisor;
import dev.slipway.e2e.vm.Machine;
import dev.slipway.e2e.vm.Shell;
import dev.slipway.e2e.vm.VirtualMachine;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * A slot whose initrd mkinitfs made, started warm by kexec and cold by GRUB. The mkinitfs is a
 * stand-in, because Alpine's is in no package source that the tests have; the init in the initrd,
 * the kernel, its modules and the busybox that loads them are real.
 */
@Tag("vm")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MkinitfsSlotTest {
  private static final Duration BOOT = Duration.ofMinutes(8);

  private final Checkout checkout = new Checkout();

  @Test
  void theSlotPassesItsTrialsAsTheSameHost() {
    Path golden = checkout.tinyMkinitfsDisk();
    try (Hypervisor hypervisor = new Hypervisor(Path.of("target/vm/mkinitfs"));
        VirtualMachine vm =
            hypervisor.create(
                Machine.named("mkinitfs")
                    .memory(768)
                    .disk(Disk.overlay(golden, hypervisor.newFile("disk.qcow2"))))) {
      vm.powerOn();
      Shell shell = up(vm, "slot1", "committed");
      String machineId = shell.check("cat /etc/machine-id");
      shell.write("/var/lib/slipway/agent.conf", "{\"soakSeconds\": 1}\n");
      AgentOnHost agent = new AgentOnHost(shell);
      agent.awaitPhase("idle", BOOT);

      agent.leaveFor("slot2");
      Shell warm = up(vm, "slot2", "warmtrial");
      assertThat(warm.check("cat /etc/machine-id")).isEqualTo(machineId);
      assertThat(warm.check("cat /etc/hostname")).isEqualTo("tiny1");
      warm.check("grep -q ' / xfs rw' /proc/mounts && grep -q ' /var/lib/slipway ' /proc/mounts");
      new AgentOnHost(warm).awaitPhase("good", BOOT);

      warm.leave("reboot");
      Shell cold = up(vm, "slot2", "coldtrial");
      new AgentOnHost(cold)
          .awaitStatus(
              "committed to slot2",
              BOOT,
              status -> status.get("defaultSlot").asText().equals("slot2"));
    }
  }

  private static Shell up(VirtualMachine vm, String slot, String mode) {
    vm.console().expect("tiny slot: up, slot " + slot + ", mode " + mode + "\n", BOOT);
    return Shell.atPrompt(vm.console(), BOOT);
  }
}
