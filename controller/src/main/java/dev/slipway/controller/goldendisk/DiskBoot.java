package dev.slipway.controller.goldendisk;

import dev.slipway.disk.DiskLayout;
import dev.slipway.disk.PartitionTable;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Boots a disk image in QEMU with the serial console on this terminal.
 *
 * @param memoryMebibytes the guest's memory
 * @param write whether the guest's writes go into the image; otherwise QEMU keeps them in an
 *     unlinked file of its own that ends with it
 * @param sshPort a port of this machine's loopback address that leads to the guest's port 22
 * @param slot boots instead of the one that the disk would boot; not together with {@code write}
 */
public record DiskBoot(
    Path image,
    Firmware firmware,
    int memoryMebibytes,
    OptionalInt cpus,
    boolean write,
    OptionalInt sshPort,
    Optional<String> slot) {

  /** What the guest boots with. */
  public enum Firmware {
    /** SeaBIOS, as QEMU brings it. */
    BIOS,
    /** OVMF, from Debian's package ovmf. */
    UEFI
  }

  private static final List<String> OVMF_SIZES = List.of("_4M", "");

  /**
   * Boots it and waits until the guest is switched off or the operator ends QEMU with Ctrl-A X.
   *
   * @param beforeStart runs when nothing speaks against booting, just before QEMU has the terminal
   * @return QEMU's exit code
   * @throws OperatorError when the image is no Slipway disk, or QEMU or OVMF is not installed
   */
  public int run(Runnable beforeStart) {
    DiskFormat format = DiskFormat.of(image);
    if (format == DiskFormat.RAW) {
      DiskLayout.of(PartitionTable.read(image), image.toString());
    }
    if (slot.isEmpty()) {
      return start(beforeStart, image, format);
    }
    Path layer = newFile();
    try (AtExit deleted = new AtExit("delete-layer", () -> delete(layer))) {
      BootLayer.make(image, slot.get(), layer);
      return start(beforeStart, layer, DiskFormat.QCOW2);
    } finally {
      delete(layer);
    }
  }

  private static Path newFile() {
    try {
      return Files.createTempFile("slipway-boot", ".qcow2");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make a layer over the disk", e);
    }
  }

  private static void delete(Path layer) {
    try {
      // A signal's hook may have done it.
      Files.deleteIfExists(layer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int start(Runnable beforeStart, Path disk, DiskFormat format) {
    List<String> arguments = command(disk, format, Accelerator.best(), Path.of("/usr/share/OVMF"));
    beforeStart.run();
    try {
      Process qemu = new ProcessBuilder(arguments).inheritIO().start();
      try (AtExit ended = new AtExit("end-qemu", qemu::destroy)) {
        return qemu.waitFor();
      }
    } catch (IOException e) {
      throw noQemu(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OperatorError("Waiting for QEMU was cancelled.", e);
    }
  }

  /** QEMU's command line. */
  List<String> command(Path disk, DiskFormat format, Accelerator accelerator, Path ovmf) {
    List<String> all = new ArrayList<>(List.of("qemu-system-x86_64", "-machine", "q35"));
    all.addAll(accelerator.arguments());
    all.addAll(List.of("-m", Integer.toString(memoryMebibytes)));
    all.addAll(List.of("-smp", Integer.toString(cpus.orElse(accelerator.processors()))));
    if (firmware == Firmware.UEFI) {
      String size = ovmfSize(ovmf);
      all.addAll(
          List.of(
              "-drive",
              "if=pflash,format=raw,unit=0,readonly=on,file=" + file(ovmf, "CODE", size),
              // The variables start as they are shipped, each time: a golden disk needs none.
              "-drive",
              "if=pflash,format=raw,unit=1,snapshot=on,file=" + file(ovmf, "VARS", size)));
    }
    all.addAll(
        List.of(
            "-drive",
            "if=virtio,format="
                + format.token()
                + ",snapshot="
                + (write ? "off" : "on")
                + ",file="
                // A comma ends an option's value for QEMU unless it is doubled.
                + disk.toString().replace(",", ",,"),
            "-nic",
            "user,model=virtio-net-pci"
                + (sshPort.isPresent()
                    ? ",hostfwd=tcp:127.0.0.1:" + sshPort.getAsInt() + "-:22"
                    : ""),
            "-device",
            "virtio-rng-pci",
            "-nographic"));
    return all;
  }

  private static String ovmfSize(Path ovmf) {
    return OVMF_SIZES.stream()
        .filter(size -> Files.isReadable(file(ovmf, "CODE", size)))
        .filter(size -> Files.isReadable(file(ovmf, "VARS", size)))
        .findFirst()
        .orElseThrow(
            () ->
                new OperatorError(
                    "UEFI firmware for QEMU is not installed (no "
                        + file(ovmf, "CODE", "_4M")
                        + "); on Debian: apt-get install ovmf"));
  }

  private static Path file(Path ovmf, String part, String size) {
    return ovmf.resolve("OVMF_" + part + size + ".fd");
  }

  static OperatorError noQemu(IOException cause) {
    return new OperatorError(
        "qemu-system-x86_64 could not be started; is it installed? On Debian: apt-get install"
            + " qemu-system-x86",
        cause);
  }
}
