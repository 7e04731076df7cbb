package dev.slipway.e2e;

import dev.slipway.e2e.vm.Disk;
import dev.slipway.e2e.vm.Firmware;
import dev.slipway.e2e.vm.Hypervisor;
import dev.slipway.e2e.vm.Machine;
import dev.slipway.e2e.vm.VirtualMachine;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The boot script grows with the slots; GRUB reads and runs that of a disk full of them, too. */
@Tag("vm")
class ManySlotsTest {
  private static final Duration BOOT = Duration.ofMinutes(5);

  /** With those for boot code, EFI and data, all that a GUID partition table holds. */
  private static final int MOST_SLOTS = 125;

  @ParameterizedTest
  @EnumSource(Firmware.class)
  void theLastOfAllSlotsThatATableHoldsBoots(Firmware firmware) {
    Path golden = new Checkout().tinyDiskOf(MOST_SLOTS);
    try (Hypervisor hypervisor = new Hypervisor(Path.of("target/vm/many-" + firmware));
        VirtualMachine vm =
            hypervisor.create(
                Machine.named("many")
                    .memory(512)
                    .firmware(firmware)
                    .disk(Disk.overlay(golden, hypervisor.newFile("disk.qcow2"))))) {
      vm.powerOn();
      vm.console().expect("tiny slot: up, slot the-last-of-many, mode committed\n", BOOT);
    }
  }
}
