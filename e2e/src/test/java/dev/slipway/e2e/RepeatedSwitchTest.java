package dev.slipway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.e2e.vm.Disk;
import dev.slipway.e2e.vm.Firmware;
import dev.slipway.e2e.vm.Hypervisor;
import dev.slipway.e2e.vm.Machine;
import dev.slipway.e2e.vm.Shell;
import dev.slipway.e2e.vm.VirtualMachine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A jump that works nearly always is no way to run a rack. */
@Tag("vm")
@Tag("campaign")
class RepeatedSwitchTest {
  private static final Duration BOOT = Duration.ofMinutes(8);
  private static final int TIMES = Integer.getInteger("slipway.switches", 50);

  private final Checkout checkout = new Checkout();

  @ParameterizedTest
  @EnumSource(Firmware.class)
  void aWarmSwitchOfTwoProcessorsWorksEveryTime(Firmware firmware) {
    String name = "repeated-" + firmware.name().toLowerCase(Locale.ROOT);
    try (Hypervisor hypervisor = new Hypervisor(Path.of("target/vm/repeated"))) {
      VirtualMachine vm =
          hypervisor.create(
              Machine.named(name)
                  .memory(768)
                  .processors(2)
                  .firmware(firmware)
                  .disk(Disk.overlay(checkout.tinyDisk(), hypervisor.newFile("disk.qcow2"))));
      vm.powerOn();
      vm.console().expect("tiny slot: up, slot slot1, mode committed\n", BOOT);
      Shell shell = Shell.atPrompt(vm.console(), BOOT);
      new AgentOnHost(shell).awaitPhase("idle", BOOT);
      shell.check("sync");
      vm.saveSnapshot("fresh");
      for (int i = 1; i <= TIMES; i++) {
        vm.loadSnapshot("fresh");
        new AgentOnHost(Shell.resume(vm.console())).leaveFor("slot2");
        String mode = vm.console().expect("tiny slot: up, slot (.*)\n", BOOT).group(1);
        assertThat(mode).as("switch %d of %d", i, TIMES).isEqualTo("slot2, mode warmtrial");
      }
    }
  }
}
