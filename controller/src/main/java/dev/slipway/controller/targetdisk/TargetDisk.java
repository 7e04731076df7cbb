package dev.slipway.controller.targetdisk;

import dev.slipway.linux.BlockDevice;
import dev.slipway.linux.Errno;
import dev.slipway.linux.OperatorError;
import dev.slipway.linux.SystemCallException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A whole disk that nobody uses, claimed for writing a golden disk onto it. Until it is closed the
 * kernel lets nobody else mount it or make it part of anything.
 */
public final class TargetDisk implements AutoCloseable {
  /** Of the mode of a file: its type, and that of a block device (inode(7)). */
  private static final int TYPE = 0170000;

  private static final int BLOCK_DEVICE = 0060000;

  /** Block devices that are whole and yet no disk to boot from. */
  private static final Pattern NO_DISK = Pattern.compile("(zram|ram|sr|fd|nbd)[0-9].*");

  private static final int SECTOR = 512;

  private final Path named;
  private final Path path;
  private final SysDisk disk;
  private final DiskIdentity identity;
  private final long size;
  private final BlockDevice.Claim claim;

  private TargetDisk(
      Path named,
      Path path,
      SysDisk disk,
      DiskIdentity identity,
      long size,
      BlockDevice.Claim claim) {
    this.named = named;
    this.path = path;
    this.disk = disk;
    this.identity = identity;
    this.size = size;
    this.claim = claim;
  }

  /**
   * Claims a disk; nothing is written. What it is named by is looked at once: a link goes away, or
   * leads to another disk, when what it was made for is wiped.
   *
   * @param device its node, such as {@code /dev/sdb}, or a link to it
   * @throws OperatorError (refused, exit code 3) when it is no whole disk, cannot be written, or is
   *     in use
   */
  public static TargetDisk claim(Path device) {
    return claim(device, HostView.ofThisMachine());
  }

  static TargetDisk claim(Path device, HostView host) {
    if (!Files.exists(device)) {
      throw new OperatorError("There is no device " + device + "; lsblk lists the disks.");
    }
    String number = number(device);
    SysDisk disk =
        SysDisk.numbered(number, host)
            .orElseThrow(
                () -> refused(device, "the kernel shows no disk of its number in " + host.sys()));
    requireWholeDisk(device, disk);
    if (disk.text("ro").filter("1"::equals).isPresent()) {
      throw refused(device, "it is read-only; look for a write-protect switch");
    }
    String sector = disk.text("queue/logical_block_size").orElse("");
    if (!sector.equals(String.valueOf(SECTOR))) {
      throw refused(
          device, "its sectors have " + sector + " bytes, and only disks with 512 are supported");
    }
    new DiskUse(host)
        .of(disk)
        .ifPresent(
            use -> {
              throw refused(device, use);
            });
    Path node = disk.node(host);
    BlockDevice.Claim claim = claimed(device, node);
    try {
      if (!claim.number().equals(number)) {
        throw refused(device, node + " is another device now; look at lsblk and try again");
      }
      return new TargetDisk(
          device, node, disk, DiskIdentity.of(disk, host), new BlockDevice(node).size(), claim);
    } catch (RuntimeException e) {
      claim.close();
      throw e;
    }
  }

  private static BlockDevice.Claim claimed(Path device, Path node) {
    if (!Files.exists(node)) {
      throw refused(device, "the kernel calls it " + node + ", and there is no such node");
    }
    try {
      return new BlockDevice(node).claim();
    } catch (SystemCallException e) {
      if (e.is(Errno.EBUSY)) {
        throw refused(
            device,
            "the kernel has given it to another program, or to a mount in another namespace; see"
                + " lsof "
                + node);
      }
      if (e.is(Errno.EACCES) || e.is(Errno.EPERM)) {
        throw refused(device, "that needs root; run this with sudo");
      }
      throw e;
    }
  }

  private static void requireWholeDisk(Path device, SysDisk disk) {
    if (disk.has("partition")) {
      String whole = disk.directory().getParent().getFileName().toString();
      throw refused(
          device,
          "it is partition "
              + disk.text("partition").orElse("")
              + " of /dev/"
              + whole
              + "; name the whole disk");
    }
    if (disk.has("dm") || disk.has("md") || NO_DISK.matcher(disk.name()).matches()) {
      throw refused(
          device,
          (disk.has("dm")
                  ? "it is the device-mapper device " + disk.text("dm/name").orElse(disk.name())
                  : disk.has("md") ? "it is a RAID array" : "it is no disk to boot from")
              + "; name a whole disk");
    }
    if (disk.text("size").filter("0"::equals).isPresent()) {
      throw refused(device, "there is no medium in it");
    }
  }

  /** The device's number, without opening what may be anything. */
  private static String number(Path device) {
    try {
      int mode = (Integer) Files.getAttribute(device, "unix:mode");
      if ((mode & TYPE) != BLOCK_DEVICE) {
        throw refused(
            device,
            "it is not a block device; for a disk image in a file there is 'controller disk"
                + " build'");
      }
      long number = (Long) Files.getAttribute(device, "unix:rdev");
      // As glibc's makedev() packs them.
      long major = (number >> 8 & 0xfff) | (number >> 32 & ~0xfffL);
      long minor = (number & 0xff) | (number >> 12 & ~0xffL);
      return major + ":" + minor;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot look at " + device, e);
    }
  }

  private static OperatorError refused(Path device, String why) {
    return OperatorError.refused(device + " cannot be written: " + why + ".");
  }

  /** Its node as the kernel names it, such as {@code /dev/sdb}: what is to be opened. */
  public Path path() {
    return path;
  }

  /** What it was named by, where that is a link to it or another node of it. */
  public Optional<Path> alias() {
    return Optional.of(named).filter(name -> !name.equals(path));
  }

  /** In bytes. */
  public long size() {
    return size;
  }

  /** What a person has to name before it is erased. */
  public DiskIdentity identity() {
    return identity;
  }

  /** Who made it and as what; empty when it does not say. */
  public Optional<String> model() {
    String words =
        Stream.of(disk.text("device/vendor"), disk.text("device/model"), disk.text("device/name"))
            .flatMap(Optional::stream)
            .filter(word -> !word.startsWith("0x"))
            .collect(Collectors.joining(" "));
    return Optional.of(words).filter(text -> !text.isEmpty());
  }

  /**
   * Brings everything that was written to the medium, and drops it from memory so that it is read
   * from there.
   */
  public void flush() {
    claim.flush();
  }

  /**
   * Has the kernel read the new partition table.
   *
   * @return whether it did
   */
  public boolean rereadPartitions() {
    return claim.rereadPartitions();
  }

  @Override
  public void close() {
    claim.close();
  }
}
