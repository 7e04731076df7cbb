package dev.slipway.e2e.vm;

import dev.slipway.controller.goldendisk.Accelerator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a virtual machine is made of.
 *
 * @param name short; logs are called by it
 * @param memoryMiB RAM in MiB
 * @param processors virtual processors
 * @param disks in order; the first one is started from
 * @param before further ones, which the firmware finds before those
 * @param lan a network shared with other machines, besides the one every machine has to the host
 *     (10.0.2.2 from inside)
 * @param kernel loaded directly instead of starting from the first disk
 * @param devices further {@code -device} arguments, for instance {@code i6300esb}
 */
public record Machine(
    String name,
    int memoryMiB,
    int processors,
    Firmware firmware,
    List<Disk> disks,
    List<Disk> before,
    Optional<Lan> lan,
    Optional<DirectKernel> kernel,
    List<String> devices) {

  public Machine {
    disks = List.copyOf(disks);
    before = List.copyOf(before);
    devices = List.copyOf(devices);
  }

  /**
   * A machine with 512 MiB, one processor (see {@link Accelerator#processors}), BIOS and nothing
   * else.
   */
  public static Machine named(String name) {
    return new Machine(
        name,
        512,
        1,
        Firmware.BIOS,
        List.of(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  public Machine memory(int memoryMiB) {
    return new Machine(name, memoryMiB, processors, firmware, disks, before, lan, kernel, devices);
  }

  public Machine processors(int processors) {
    return new Machine(name, memoryMiB, processors, firmware, disks, before, lan, kernel, devices);
  }

  public Machine firmware(Firmware firmware) {
    return new Machine(name, memoryMiB, processors, firmware, disks, before, lan, kernel, devices);
  }

  /** With one more disk. */
  public Machine disk(Disk disk) {
    List<Disk> more = new ArrayList<>(disks);
    more.add(disk);
    return new Machine(name, memoryMiB, processors, firmware, more, before, lan, kernel, devices);
  }

  /** With one more disk, which the firmware finds before the one that it starts from. */
  public Machine diskBefore(Disk disk) {
    List<Disk> more = new ArrayList<>(before);
    more.add(disk);
    return new Machine(name, memoryMiB, processors, firmware, disks, more, lan, kernel, devices);
  }

  public Machine lan(Lan lan) {
    return new Machine(
        name, memoryMiB, processors, firmware, disks, before, Optional.of(lan), kernel, devices);
  }

  /**
   * The hardware address of its card on a {@link #lan}, by its name: QEMU gives every machine the
   * same ones, and on a shared network they have to differ.
   */
  public String lanAddress() {
    int hash = name.hashCode();
    return String.format(
        "52:54:01:%02x:%02x:%02x", hash >> 16 & 0xff, hash >> 8 & 0xff, hash & 0xff);
  }

  public Machine kernel(Path kernel, Path initrd, String commandLine) {
    return new Machine(
        name,
        memoryMiB,
        processors,
        firmware,
        disks,
        before,
        lan,
        Optional.of(new DirectKernel(kernel, initrd, commandLine)),
        devices);
  }

  /** With one more {@code -device}. */
  public Machine device(String device) {
    List<String> more = new ArrayList<>(devices);
    more.add(device);
    return new Machine(name, memoryMiB, processors, firmware, disks, before, lan, kernel, more);
  }
}
