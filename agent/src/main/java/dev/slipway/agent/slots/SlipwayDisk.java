package dev.slipway.agent.slots;

import dev.slipway.boot.BootArguments;
import dev.slipway.boot.EnvironmentStore;
import dev.slipway.boot.KernelCommandLine;
import dev.slipway.disk.DiskLayout;
import dev.slipway.disk.Partition;
import dev.slipway.disk.PartitionTable;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The golden disk that this host runs from: found by the kernel command line, its partition table
 * read by ourselves. Never by device names, labels or file system UUIDs, all of which a clone
 * shares.
 *
 * @param device the whole disk
 * @param boot what the kernel command line says about this boot
 * @param commandLine the whole command line of this boot
 * @param slots in the order of the disk
 * @param efiSystem the partition with the boot environment
 * @param data the partition that all slots share
 * @param dataDevice its block device
 */
public record SlipwayDisk(
    Path device,
    BootArguments boot,
    KernelCommandLine commandLine,
    List<Slot> slots,
    Partition efiSystem,
    Partition data,
    Path dataDevice) {

  public SlipwayDisk {
    slots = List.copyOf(slots);
  }

  /**
   * Finds the disk.
   *
   * @throws OperatorError (refused) when this system was not booted from a Slipway disk, or when
   *     two disks claim to be it
   */
  public static SlipwayDisk find(Roots roots) {
    KernelCommandLine commandLine = KernelCommandLine.read(roots.proc().resolve("cmdline"));
    BootArguments boot =
        commandLine
            .slipway()
            .orElseThrow(
                () ->
                    OperatorError.refused(
                        "This system was not booted from a Slipway disk: its kernel command line has"
                            + " no slipway.slot= and slipway.mode=. The agent works only on hosts that"
                            + " boot from a disk made by \"controller disk build\"."));
    BlockDevices devices = new BlockDevices(roots.sys(), roots.dev());
    List<SlipwayDisk> found = new ArrayList<>();
    for (String name : devices.disks()) {
      Path device = devices.node(name);
      tableOf(device, boot)
          .ifPresent(table -> found.add(read(devices, name, table, boot, commandLine)));
    }
    if (found.size() > 1) {
      // A clone of the disk is attached as well: only the root's own device can tell them apart.
      Optional<String> rootDisk = devices.diskOfRoot(roots.proc().resolve("self/mountinfo"));
      found.removeIf(
          disk -> rootDisk.isEmpty() || !disk.device().equals(devices.node(rootDisk.get())));
    }
    if (found.size() != 1) {
      throw OperatorError.refused(
          found.isEmpty()
              ? "No disk of this host has the partition %s that its kernel command line names as the root (looked at %s)."
                  .formatted(boot.partition(), String.join(", ", devices.disks()))
              : "Several disks of this host have the partition %s; detach the clones: %s."
                  .formatted(
                      boot.partition(),
                      found.stream()
                          .map(disk -> disk.device().toString())
                          .collect(Collectors.joining(", "))));
    }
    return found.get(0);
  }

  private static Optional<PartitionTable> tableOf(Path device, BootArguments boot) {
    try {
      return Optional.of(PartitionTable.read(device))
          .filter(table -> table.withId(boot.partition()).isPresent());
    } catch (OperatorError | UncheckedIOException notOurs) {
      // No partition table, or no medium in the drive: some other disk.
      return Optional.empty();
    }
  }

  private static SlipwayDisk read(
      BlockDevices devices,
      String disk,
      PartitionTable table,
      BootArguments boot,
      KernelCommandLine commandLine) {
    Path device = devices.node(disk);
    DiskLayout layout = DiskLayout.of(table, device.toString());
    List<Slot> slots =
        layout.slots().stream()
            .map(
                slot ->
                    new Slot(
                        slot.name(),
                        slot.partition(),
                        devices.partitionNode(disk, slot.partition())))
            .toList();
    if (slots.stream().noneMatch(slot -> slot.name().equals(boot.slot()))) {
      throw OperatorError.refused(
          "The kernel command line says that slot %s runs, but the disk %s has no such slot."
              .formatted(boot.slot(), device));
    }
    Partition data = layout.data().orElseThrow(() -> withoutData(device, commandLine));
    return new SlipwayDisk(
        device, boot, commandLine, slots, layout.esp(), data, devices.partitionNode(disk, data));
  }

  private static OperatorError withoutData(Path device, KernelCommandLine commandLine) {
    return OperatorError.refused(
        commandLine.arguments().contains(KernelCommandLine.WITHOUT_DATA)
            ? "The disk %s was made without a data partition (data: off in its disk.yml), where the agent keeps its journal. The agent works only on disks with one."
                .formatted(device)
            : "The disk %s has lost its partition slipway-data, where the agent keeps its journal. Restore its partition table, or flash the disk anew."
                .formatted(device));
  }

  /** The slot that runs. */
  public Slot running() {
    return slot(boot.slot());
  }

  /**
   * The slot of that name.
   *
   * @throws OperatorError when there is none, naming those there are
   */
  public Slot slot(String name) {
    return slots.stream()
        .filter(slot -> slot.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new OperatorError(
                    "There is no slot called %s; this disk has %s."
                        .formatted(
                            name,
                            slots.stream().map(Slot::name).collect(Collectors.joining(", ")))));
  }

  /** The disk's boot environment. */
  public EnvironmentStore environment() {
    return new EnvironmentStore(device, efiSystem.offset());
  }

  /** The kernel's block devices, as sysfs lists them. */
  private record BlockDevices(Path sys, Path dev) {

    /** Whole disks that could be a golden disk, by name. */
    List<String> disks() {
      try (Stream<Path> entries = Files.list(sys.resolve("class/block"))) {
        return entries
            .filter(entry -> !Files.exists(entry.resolve("partition")))
            .map(entry -> entry.getFileName().toString())
            .filter(name -> !name.matches("(loop|ram|zram|sr|fd|dm-|md).*"))
            .sorted()
            .toList();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    Path node(String name) {
      return dev.resolve(name.replace('!', '/'));
    }

    /** The device of a partition: the one that starts where the table says it starts. */
    Path partitionNode(String disk, Partition partition) {
      try (Stream<Path> entries = Files.list(sys.resolve("class/block").resolve(disk))) {
        return entries
            .filter(entry -> Files.exists(entry.resolve("partition")))
            .filter(entry -> number(entry.resolve("start")) == partition.firstLba())
            .filter(
                entry ->
                    number(entry.resolve("size")) == partition.lastLba() - partition.firstLba() + 1)
            .map(entry -> node(entry.getFileName().toString()))
            .findFirst()
            .orElseThrow(
                () ->
                    OperatorError.refused(
                        "The kernel does not show partition %d (%s) of %s as the partition table has it; reboot after changing the table."
                            .formatted(partition.number(), partition.name(), node(disk))));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** The disk that holds the root file system. */
    Optional<String> diskOfRoot(Path mountinfo) {
      try (Stream<String> lines = Files.lines(mountinfo)) {
        return lines
            .map(line -> line.split(" "))
            .filter(fields -> fields.length > 4 && fields[4].equals("/"))
            .reduce((earlier, later) -> later)
            .map(fields -> sys.resolve("dev/block").resolve(fields[2]))
            .filter(Files::exists)
            .flatMap(BlockDevices::parentDisk);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static Optional<String> parentDisk(Path partition) {
      try {
        Path real = partition.toRealPath();
        return Files.exists(real.resolve("partition"))
            ? Optional.of(real.getParent().getFileName().toString())
            : Optional.of(real.getFileName().toString());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static long number(Path file) {
      try {
        return Long.parseLong(Files.readString(file).strip());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
