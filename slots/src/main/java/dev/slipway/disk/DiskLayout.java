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
 * slipway-slot-NAME} for each slot and mostly {@code slipway-data}, in this order. With an msdos
 * table there is no {@code slipway-bios}, for GRUB's core image lies before the first partition;
 * what goes beyond its four primary partitions is logical. GRUB's images count on the EFI system
 * partition being the second of a GPT, and the first of an msdos table.
 *
 * @param table the partition table of the disk
 * @param bios the BIOS boot partition of a GPT
 * @param slots the slots in the order of the table
 * @param data what the slots share; empty on a disk without an agent
 */
public record DiskLayout(
    PartitionTable table,
    Optional<Partition> bios,
    Partition esp,
    List<Slot> slots,
    Optional<Partition> data) {

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

  /** A slot that is to be made: its name and its size in bytes. */
  public record SlotSize(String name, long bytes) {}

  /** A slot of the disk and the partition that holds it. */
  public record Slot(String name, Partition partition) {}

  public DiskLayout {
    slots = List.copyOf(slots);
  }

  /**
   * Plans a disk. Partitions start on whole MiB; slot sizes are rounded up to whole MiB, and data
   * takes what is left of a disk whose size is given; without data that stays {@link #unused}.
   *
   * @param diskSize in bytes; empty: just large enough
   * @param data bytes of the data partition; empty: there shall be none
   * @param identities where the disk's and the partitions' UUIDs come from
   * @throws DiskTooSmall when it does not fit, with both numbers
   * @throws OperatorError when it cannot be planned; refused (exit code 3) when an msdos table does
   *     not reach so far
   */
  public static DiskLayout plan(
      PartitionTable.Kind kind,
      OptionalLong diskSize,
      List<SlotSize> slots,
      OptionalLong data,
      Supplier<UUID> identities) {
    requireSensible(kind, slots, data);
    boolean biosBoot = kind == PartitionTable.Kind.GPT;
    LayoutPlan plan = new LayoutPlan(kind, slots.size() + others(kind, data), identities);
    long wantedData = data.isPresent() ? wholeMib(data.getAsLong()) : 0;
    long wanted =
        plan.overheadMib()
            + (biosBoot ? BIOS_MIB : 0)
            + ESP_MIB
            + slots.stream().mapToLong(slot -> wholeMib(slot.bytes())).sum()
            + wantedData;
    long given = diskSize.isPresent() ? diskSize.getAsLong() / MIB : wanted;
    if (given < wanted) {
      throw new DiskTooSmall(
          String.format(
              Locale.ROOT,
              "The disk is to have %d MiB, but its boot partitions%s need %d MiB: make the disk at"
                  + " least that large, or the slots smaller.",
              given,
              data.isPresent() ? ", slots and data" : " and slots",
              wanted));
    }
    requireReach(kind, given * MIB);

    Optional<Partition> bios =
        biosBoot
            ? Optional.of(plan.add(BIOS, PartitionType.BIOS_BOOT, BIOS_MIB, 0))
            : Optional.empty();
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
    Optional<Partition> shared =
        data.isPresent()
            ? Optional.of(plan.add(DATA, PartitionType.LINUX_DATA, wantedData + given - wanted, 0))
            : Optional.empty();
    return new DiskLayout(plan.table(given * MIB / Partition.SECTOR), bios, esp, placed, shared);
  }

  /**
   * Recognises the layout of an existing disk.
   *
   * @param what the disk, as the operator knows it, for the message
   * @throws OperatorError (refused, exit code 3) when it is not a Slipway disk
   */
  public static DiskLayout of(PartitionTable table, String what) {
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
        table.kind() == PartitionTable.Kind.GPT
            ? Optional.of(required(table, BIOS, PartitionType.BIOS_BOOT, what))
            : Optional.empty(),
        required(table, ESP, PartitionType.EFI_SYSTEM, what),
        slots,
        table.named(DATA).isPresent()
            ? Optional.of(required(table, DATA, PartitionType.LINUX_DATA, what))
            : Optional.empty());
  }

  /** Size of the whole disk in bytes. */
  public long diskSize() {
    return table.totalSectors() * Partition.SECTOR;
  }

  /** Bytes behind the last partition, beside what a GPT keeps there for its copy. */
  public long unused() {
    long end =
        table.partitions().stream().mapToLong(part -> part.offset() + part.size()).max().orElse(0);
    return diskSize() - end - (table.kind() == PartitionTable.Kind.GPT ? MIB : 0);
  }

  /**
   * The same partitions on a larger disk, whose table is for all of it; what is left stays unused.
   *
   * @param bytes the size of that disk
   * @throws OperatorError (refused, exit code 3) when an msdos table does not reach so far
   */
  public DiskLayout onDiskOf(long bytes) {
    requireReach(table.kind(), bytes);
    return new DiskLayout(table.onDiskOf(bytes / Partition.SECTOR), bios, esp, slots, data);
  }

  public Optional<Slot> slot(String name) {
    return slots.stream().filter(slot -> slot.name().equals(name)).findFirst();
  }

  private static Partition required(
      PartitionTable table, String name, PartitionType type, String what) {
    return table
        .named(name)
        .filter(partition -> partition.is(type))
        .orElseThrow(() -> notSlipway(what, name));
  }

  private static OperatorError notSlipway(String what, String missing) {
    return OperatorError.refused(
        what + " is not a Slipway disk: it has no partition named " + missing + ".");
  }

  /** Refuses a disk that reaches beyond what a table of that kind can say. */
  private static void requireReach(PartitionTable.Kind kind, long bytes) {
    long reach = Msdos.LARGEST_SECTORS * Partition.SECTOR;
    if (kind == PartitionTable.Kind.MSDOS && bytes > reach) {
      throw OperatorError.refused(
          String.format(
              Locale.ROOT,
              "An msdos partition table reaches %d MiB (2 TiB), but the disk has %d MiB: take a"
                  + " GPT (table: gpt), or a smaller disk.",
              reach / MIB,
              wholeMib(bytes)));
    }
  }

  private static void requireSensible(
      PartitionTable.Kind kind, List<SlotSize> slots, OptionalLong data) {
    if (slots.isEmpty()) {
      throw new OperatorError("A disk needs at least one slot.");
    }
    int most = mostSlots(kind, data);
    if (slots.size() > most) {
      throw new OperatorError(
          "A disk with "
              + (kind == PartitionTable.Kind.GPT ? "a GPT" : "an msdos partition table")
              + " has room for "
              + most
              + " slots, not "
              + slots.size()
              + (kind == PartitionTable.Kind.GPT
                  ? ": describe fewer."
                  : ": describe fewer, or take a GPT (table: gpt)."));
    }
    Set<String> names = new HashSet<>();
    for (SlotSize slot : slots) {
      SlotName.require(slot.name());
      if (!names.add(slot.name())) {
        throw new OperatorError("Two slots are called \"" + slot.name() + "\".");
      }
      requireSize("Slot \"" + slot.name() + "\"", slot.bytes());
    }
    data.ifPresent(bytes -> requireSize("The data partition", bytes));
  }

  /** How many partitions there are beside the slots. */
  private static int others(PartitionTable.Kind kind, OptionalLong data) {
    return (kind == PartitionTable.Kind.GPT ? 2 : 1) + (data.isPresent() ? 1 : 0);
  }

  private static int mostSlots(PartitionTable.Kind kind, OptionalLong data) {
    return switch (kind) {
      case GPT -> Gpt.MAXIMUM_PARTITIONS - others(kind, data);
      // One number is that of the extended partition, which holds the logical ones.
      case MSDOS -> Msdos.HIGHEST_NUMBER - 1 - others(kind, data);
    };
  }

  private static void requireSize(String what, long bytes) {
    if (bytes <= 0 || bytes > LARGEST_PARTITION) {
      throw new OperatorError(what + " cannot have a size of " + bytes + " bytes.");
    }
  }

  private static long wholeMib(long bytes) {
    return (bytes + MIB - 1) / MIB;
  }
}
