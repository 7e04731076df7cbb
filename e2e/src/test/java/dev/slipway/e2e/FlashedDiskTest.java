package dev.slipway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.e2e.vm.Disk;
import dev.slipway.e2e.vm.Firmware;
import dev.slipway.e2e.vm.Hypervisor;
import dev.slipway.e2e.vm.Machine;
import dev.slipway.e2e.vm.Shell;
import dev.slipway.e2e.vm.VirtualMachine;
import dev.slipway.linux.LoopDevice;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A disk that {@code disk flash} wrote straight, over an older one, boots and has all of its room.
 */
@Tag("vm")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FlashedDiskTest {
  private static final Duration BOOT = Duration.ofMinutes(5);
  private static final long DISK = 1500L << 20;

  private Path file;

  @BeforeAll
  void flash(@TempDir Path directory) throws IOException {
    Checkout checkout = new Checkout();
    Path yaml = checkout.tinyAutoDescription();
    file = directory.resolve("disk.raw");
    Files.copy(checkout.tinyDisk(), file);
    try (RandomAccessFile disk = new RandomAccessFile(file.toFile(), "rw")) {
      disk.setLength(DISK);
    }
    try (LoopDevice disk = LoopDevice.attach(file, 0, DISK)) {
      checkout.runController(
          "disk", "flash", yaml.toString(), disk.path().toString(), "--yes-erase", "" + file);
    }
  }

  @AfterAll
  void delete() throws IOException {
    Files.delete(file);
  }

  @ParameterizedTest
  @EnumSource(Firmware.class)
  void itBootsWithAllOfItsRoom(Firmware firmware) {
    try (Hypervisor hypervisor = new Hypervisor(Path.of("target/vm/flashed-" + firmware));
        VirtualMachine vm =
            hypervisor.create(
                Machine.named("flashed")
                    .memory(768)
                    .firmware(firmware)
                    .disk(Disk.overlay(file, hypervisor.newFile("disk.qcow2"))))) {
      vm.powerOn();
      vm.console().expect("tiny slot: up, slot slot2, mode committed\n", BOOT);
      Shell shell = Shell.atPrompt(vm.console(), BOOT);
      shell.check("grep -q ' /var/lib/slipway ' /proc/mounts");
      String kilobytes = shell.check("df -k / | tail -n 1 | tr -s ' ' | cut -d ' ' -f 2");
      assertThat(Long.parseLong(kilobytes) << 10).isBetween(600L << 20, DISK);
    }
  }
}
