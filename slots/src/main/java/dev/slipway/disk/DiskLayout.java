package dev.slipway.disk;

import dev.slipway.linux.OperatorError;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Which partition of a Slipway disk is what: {@code slipway-bios}, {@code slipway-esp}, one {@code
 * slipway-slot-NAME} for each slot, {@code slipway-data}, in this order. GRUB's images count on the
 * EFI system partition being the second.
 *
 * @param table the partition table of the disk
 * @param slots the slots in the order of the table
 */
public record DiskLayout(
    Gpt table, Partition bios, Partition esp, List<Slot> slots, Partition data) {

  /** The most bytes that a slot or data can have: 256 TiB. Sums of so many never overflow. */
  public static final long LARGEST_PARTITION = 1L << 48;

  private static final String BIOS = "slipway-bios";
  private static final String ESP = "slipway-esp";
  private static final String SLOT = "slipway-slot-";
  private static final String DATA = "slipway-data";

  private static final long MIB = 1L << 20;
  private static final long BIOS_MIB = 1;

  /** The least that is FAT32 with room to spare: fewer clusters would make it FAT16. */
  private static final long ESP_MIB = 64;

  /** The table takes 34 sectors at the start and 33 at the end; partitions lie on whole MiB. */
  private static final long TABLES_MIB = 2;

  /** A slot that is to be made: its name and its size in bytes. */
  public record SlotSize(String name, long bytes) {}

  /** A slot of the disk and the partition that holds it. */
  public record Slot(String name, Partition partition) {}

  public DiskLayout {
    slots = List.copyOf(slots);
  }

  /**
   * Plans a disk. Partitions start on whole MiB; slot sizes are rounded up to whole MiB, and data
   * takes what is left of a disk whose size is given.
   *
   * @param diskSize in bytes; empty: just large enough
   * @param identities where the disk's and the partitions' UUIDs come from
   * @throws OperatorError when it does not fit, with both numbers
   */
  public static DiskLayout plan(
      OptionalLong diskSize, List<SlotSize> slots, long dataBytes, Supplier<UUID> identities) {
    requireSensible(slots, dataBytes);
    long wanted =
        TABLES_MIB
            + BIOS_MIB
            + ESP_MIB
            + slots.stream().mapToLong(slot -> wholeMib(slot.bytes())).sum()
            + wholeMib(dataBytes);
    long given = diskSize.isPresent() ? diskSize.getAsLong() / MIB : wanted;
    if (given < wanted) {
      throw new OperatorError(
          String.format(
              Locale.ROOT,
              "The disk is to have %d MiB, but its boot partitions, slots and data need %d MiB: make"
                  + " the disk at least that large, or the slots smaller.",
              given,
              wanted));
    }
    long dataMib = wholeMib(dataBytes) + given - wanted;

    Plan plan = new Plan(identities);
    UUID disk = identities.get();
    Partition bios = plan.add(BIOS, PartitionType.BIOS_BOOT, BIOS_MIB, 0);
    Partition esp = plan.add(ESP, PartitionType.EFI_SYSTEM, ESP_MIB, 0);
    List<Slot> placed = new ArrayList<>();
    for (SlotSize slot : slots) {
      placed.add(
          new Slot(
              slot.name(),
              plan.add(
                  SLOT + slot.name(),
                  PartitionType.ROOT_X86_64,
                  wholeMib(slot.bytes()),
                  Partition.NO_AUTO)));
    }
    Partition data = plan.add(DATA, PartitionType.LINUX_DATA, dataMib, 0);
    Gpt table = new Gpt(disk, given * MIB / Partition.SECTOR, plan.partitions);
    return new DiskLayout(table, bios, esp, placed, data);
  }

  /**
   * Recognises the layout of an existing disk.
   *
   * @param what the disk, as the operator knows it, for the message
   * @throws OperatorError (refused, exit code 3) when it is not a Slipway disk
   */
  public static DiskLayout of(Gpt table, String what) {
    List<Slot> slots =
        table.partitions().stream()
            .filter(partition -> partition.name().startsWith(SLOT))
            .map(partition -> new Slot(partition.name().substring(SLOT.length()), partition))
            .toList();
    if (slots.isEmpty()) {
      throw notSlipway(what, SLOT + "NAME");
    }
    Set<String> names = new HashSet<>();
    for (Slot slot : slots) {
      SlotName.require(slot.name());
      if (!names.add(slot.name())) {
        throw OperatorError.refused(
            what + " has two partitions for slot \"" + slot.name() + "\"; nothing is done to it.");
      }
    }
    return new DiskLayout(
        table,
        required(table, BIOS, PartitionType.BIOS_BOOT, what),
        required(table, ESP, PartitionType.EFI_SYSTEM, what),
        slots,
        required(table, DATA, PartitionType.LINUX_DATA, what));
  }

  /** Size of the whole disk in bytes. */
  public long diskSize() {
    return table.totalSectors() * Partition.SECTOR;
  }

  public Optional<Slot> slot(String name) {
    return slots.stream().filter(slot -> slot.name().equals(name)).findFirst();
  }

  private static Partition required(Gpt table, String name, PartitionType type, String what) {
    return table
        .named(name)
        .filter(partition -> partition.is(type))
        .orElseThrow(() -> notSlipway(what, name));
  }

  private static OperatorError notSlipway(String what, String missing) {
    return OperatorError.refused(
        what + " is not a Slipway disk: it has no partition named " + missing + ".");
  }

  private static void requireSensible(List<SlotSize> slots, long dataBytes) {
    if (slots.isEmpty()) {
      throw new OperatorError("A disk needs at least one slot.");
    }
    // Three of the table's entries are for the boot partitions and data.
    if (slots.size() > Gpt.MAXIMUM_PARTITIONS - 3) {
      throw new OperatorError(
          "A disk has room for " + (Gpt.MAXIMUM_PARTITIONS - 3) + " slots, not " + slots.size());
    }
    Set<String> names = new HashSet<>();
    for (SlotSize slot : slots) {
      SlotName.require(slot.name());
      if (!names.add(slot.name())) {
        throw new OperatorError("Two slots are called \"" + slot.name() + "\".");
      }
      requireSize("Slot \"" + slot.name() + "\"", slot.bytes());
    }
    requireSize("The data partition", dataBytes);
  }

  private static void requireSize(String what, long bytes) {
    if (bytes <= 0 || bytes > LARGEST_PARTITION) {
      throw new OperatorError(what + " cannot have a size of " + bytes + " bytes.");
    }
  }

  private static long wholeMib(long bytes) {
    return (bytes + MIB - 1) / MIB;
  }

  /** Partitions one after the other, from the first MiB on. */
  private static final class Plan {
    private final Supplier<UUID> identities;
    private final List<Partition> partitions = new ArrayList<>();
    private long nextMib = 1;

    Plan(Supplier<UUID> identities) {
      this.identities = identities;
    }

    Partition add(String name, PartitionType type, long mib, long attributes) {
      long sectors = MIB / Partition.SECTOR;
      Partition partition =
          new Partition(
              partitions.size() + 1,
              type.uuid(),
              identities.get(),
              nextMib * sectors,
              (nextMib + mib) * sectors - 1,
              name,
              attributes);
      nextMib += mib;
      partitions.add(partition);
      return partition;
    }
  }
}
