package dev.slipway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.e2e.vm.Disk;
import dev.slipway.e2e.vm.Hypervisor;
import dev.slipway.e2e.vm.Machine;
import dev.slipway.e2e.vm.Shell;
import dev.slipway.e2e.vm.VirtualMachine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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

  private enum Jump {
    WARM,
    COLD
  }

  private static List<Jump> drawn() {
    return List.of(Drawn.oneOf(MkinitfsSlotTest.class, Jump.values()));
  }

  private static List<Jump> others() {
    return Drawn.othersOf(MkinitfsSlotTest.class, Jump.values());
  }

  @ParameterizedTest
  @MethodSource("drawn")
  void theSlotPassesItsTrialAsTheSameHost(Jump jump) {
    passes(jump);
  }

  @Tag("campaign")
  @ParameterizedTest
  @MethodSource("others")
  void soItDoesTheOtherWay(Jump jump) {
    passes(jump);
  }

  @Test
  void onADiskWithoutDataTheSlotKeepsItsOwnIdentity() {
    Path golden = checkout.tinyDiskWithoutData();
    try (Hypervisor hypervisor = new Hypervisor(Path.of("target/vm/without-data"));
        VirtualMachine vm =
            hypervisor.create(
                Machine.named("without-data")
                    .memory(512)
                    .disk(Disk.overlay(golden, hypervisor.newFile("disk.qcow2"))))) {
      vm.powerOn();
      Shell first = up(vm, "slot1", "committed");
      String machineId = first.check("cat /etc/machine-id");
      assertThat(machineId).matches("[0-9a-f]{32}");
      assertThat(first.check("cat /var/lib/slipway/host/machine-id")).isEqualTo(machineId);
      first.check("! grep -q ' /var/lib/slipway ' /proc/mounts && ! [ -e /usr/bin/agent ]");

      first.leave("reboot");
      assertThat(up(vm, "slot1", "committed").check("cat /etc/machine-id")).isEqualTo(machineId);
    }
  }

  private void passes(Jump jump) {
    Path golden = checkout.tinyMkinitfsDisk();
    try (Hypervisor hypervisor = new Hypervisor(Path.of("target/vm/mkinitfs-" + jump));
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

      switch (jump) {
        case WARM -> agent.leaveFor("slot2", "--commit", "trust");
        case COLD -> agent.leaveFor("slot2", "--cold");
      }
      Shell trial = up(vm, "slot2", jump == Jump.WARM ? "warmtrial" : "coldtrial");
      assertThat(trial.check("cat /etc/machine-id")).isEqualTo(machineId);
      assertThat(trial.check("cat /etc/hostname")).isEqualTo("tiny1");
      trial.check("grep -q ' / xfs rw' /proc/mounts && grep -q ' /var/lib/slipway ' /proc/mounts");
      new AgentOnHost(trial)
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
