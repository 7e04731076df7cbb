package dev.slipway.controller.targetdisk;

import dev.slipway.linux.Mount;
import dev.slipway.linux.MountPoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Who uses a disk or a partition of it, as far as the kernel tells. */
final class DiskUse {
  private final HostView host;

  DiskUse(HostView host) {
    this.host = host;
  }

  /**
   * What the disk is used for, as the end of the sentence "/dev/sdb cannot be written: "; empty
   * when nothing is known.
   */
  Optional<String> of(SysDisk disk) {
    List<SysDisk> devices = disk.withPartitions();
    return devices.stream()
        .map(
            device ->
                mounted(device)
                    .or(() -> swapped(device))
                    .or(() -> held(device))
                    .or(() -> looped(device)))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<String> mounted(SysDisk device) {
    // A btrfs has a device number of its own in the list, so its source counts as well.
    return Mount.current().stream()
        .filter(
            mount ->
                mount.device().equals(device.number())
                    || mount.source().equals("/dev/" + device.name()))
        .map(MountPoint::target)
        .findFirst()
        .map(target -> device.name() + " is mounted at " + target + "; unmount it first");
  }

  private Optional<String> swapped(SysDisk device) {
    try (Stream<String> lines = Files.lines(host.proc().resolve("swaps"))) {
      return lines.skip(1).anyMatch(line -> isAt(line.replaceFirst("\\s.*", ""), device))
          ? Optional.of(device.name() + " is swap; end that with swapoff")
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<String> held(SysDisk device) {
    return device.holders().stream()
        .findFirst()
        .map(holder -> device.name() + " is part of " + kindOf(holder) + "; take that apart first");
  }

  private static String kindOf(SysDisk holder) {
    if (holder.has("md")) {
      return "the RAID array " + holder.name();
    }
    return holder
        .text("dm/name")
        .map(
            name ->
                (holder.text("dm/uuid").orElse("").startsWith("LVM-")
                        ? "the LVM volume "
                        : "the device-mapper device ")
                    + name)
        .orElse("the device " + holder.name());
  }

  /** A loop device claims nothing of what lies below it. */
  private Optional<String> looped(SysDisk device) {
    return SysDisk.all(host).stream()
        .filter(
            loop -> loop.text("loop/backing_file").filter(file -> isAt(file, device)).isPresent())
        .findFirst()
        .map(
            loop ->
                device.name() + " is attached as " + loop.name() + "; detach it with losetup -d");
  }

  private boolean isAt(String node, SysDisk device) {
    try {
      Path path = Path.of(node);
      return Files.exists(path) && path.toRealPath().equals(device.node(host));
    } catch (IOException e) {
      return false;
    }
  }
}
