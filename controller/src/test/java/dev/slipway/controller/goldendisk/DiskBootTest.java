package dev.slipway.controller.goldendisk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.slipway.controller.goldendisk.DiskBoot.Firmware;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskBootTest {
  private static final Path DISK = Path.of("golden.img");

  @TempDir Path directory;

  @Test
  void theDiskIsNotChangedUnlessAskedFor() {
    assertThat(
            boot(Firmware.BIOS, false, OptionalInt.empty())
                .command(DISK, DiskFormat.RAW, Accelerator.TCG, directory))
        .anyMatch(option -> option.contains("if=virtio,format=raw,snapshot=on,file="));
    assertThat(
            boot(Firmware.BIOS, true, OptionalInt.empty())
                .command(DISK, DiskFormat.RAW, Accelerator.TCG, directory))
        .anyMatch(option -> option.contains("if=virtio,format=raw,snapshot=off,file="));
  }

  @Test
  void aDiskInQemusFormatIsBootedAsOne() {
    DiskBoot boot = boot(Firmware.BIOS, false, OptionalInt.empty());
    assertThat(boot.command(DISK, DiskFormat.QCOW2, Accelerator.TCG, directory))
        .anyMatch(option -> option.contains("if=virtio,format=qcow2,snapshot=on,file="));
  }

  @Test
  void aCommaInTheNameIsNoEndOfAnOption() {
    DiskBoot boot = boot(Firmware.BIOS, false, OptionalInt.empty());

    assertThat(boot.command(Path.of("a,b.img"), DiskFormat.RAW, Accelerator.TCG, directory))
        .anyMatch(option -> option.endsWith("file=a,,b.img"));
  }

  @Test
  void sshIsReachedFromThisMachineOnly() {
    assertThat(
            boot(Firmware.BIOS, false, OptionalInt.of(2222))
                .command(DISK, DiskFormat.RAW, Accelerator.KVM, directory))
        .contains("user,model=virtio-net-pci,hostfwd=tcp:127.0.0.1:2222-:22");
  }

  @Test
  void withoutFirmwareForUefiThePackageIsNamed() {
    DiskBoot boot = boot(Firmware.UEFI, false, OptionalInt.empty());

    assertThatThrownBy(() -> boot.command(DISK, DiskFormat.RAW, Accelerator.TCG, directory))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("apt-get install ovmf");
  }

  @Test
  void firmwareAndItsVariablesAreOfOneSize() throws IOException {
    // The code of one size does not start with the variables of the other.
    for (String file : new String[] {"OVMF_CODE_4M.fd", "OVMF_CODE.fd", "OVMF_VARS.fd"}) {
      Files.createFile(directory.resolve(file));
    }

    assertThat(
            boot(Firmware.UEFI, false, OptionalInt.empty())
                .command(DISK, DiskFormat.RAW, Accelerator.TCG, directory))
        .anyMatch(
            option -> option.endsWith("unit=0,readonly=on,file=" + directory + "/OVMF_CODE.fd"))
        .anyMatch(
            option -> option.endsWith("unit=1,snapshot=on,file=" + directory + "/OVMF_VARS.fd"));
  }

  @Test
  void whatIsNoSlipwayDiskIsRefused() throws IOException {
    Path image = Files.write(directory.resolve("other.img"), new byte[1 << 20]);
    DiskBoot boot =
        new DiskBoot(
            image,
            Firmware.BIOS,
            512,
            OptionalInt.of(1),
            false,
            OptionalInt.empty(),
            Optional.empty());

    assertThatThrownBy(() -> boot.run(() -> fail("nothing boots")))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("other.img");
  }

  private static DiskBoot boot(Firmware firmware, boolean write, OptionalInt sshPort) {
    return new DiskBoot(DISK, firmware, 512, OptionalInt.of(1), write, sshPort, Optional.empty());
  }
}
