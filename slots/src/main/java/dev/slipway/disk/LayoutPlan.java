package dev.slipway.disk;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/** Places partitions one after the other on whole MiB, from the first one on. */
final class LayoutPlan {
  private static final long MIB = 1L << 20;

  private final PartitionTable.Kind kind;
  private final int count;
  private final UUID disk;
  private final Supplier<UUID> identities;
  private final List<Partition> partitions = new ArrayList<>();
  private long nextMib = 1;

  /**
   * Starts a plan.
   *
   * @param count how many partitions there will be
   * @param identities where the disk's and the partitions' UUIDs come from
   */
  LayoutPlan(PartitionTable.Kind kind, int count, Supplier<UUID> identities) {
    this.kind = kind;
    this.count = count;
    this.identities = identities;
    this.disk = identities.get();
  }

  /**
   * MiB that belong to no partition: a GPT takes 34 sectors at the start and 33 at the end, an
   * msdos table the first MiB and one in front of each logical partition.
   */
  long overheadMib() {
    return switch (kind) {
      case GPT -> 2;
      case MSDOS -> 1 + (count <= Msdos.EXTENDED ? 0 : count - (Msdos.EXTENDED - 1));
    };
  }

  Partition add(String name, PartitionType type, long mib, long attributes) {
    int number = nextNumber();
    if (isLogical(number)) {
      nextMib += Msdos.LOGICAL_GAP * Partition.SECTOR / MIB;
    }
    long sectors = MIB / Partition.SECTOR;
    Partition partition =
        new Partition(
            number,
            type.in(kind),
            identity(number),
            nextMib * sectors,
            (nextMib + mib) * sectors - 1,
            name,
            kind == PartitionTable.Kind.GPT ? attributes : 0);
    nextMib += mib;
    partitions.add(partition);
    return partition;
  }

  /** The table for a disk of so many sectors. */
  PartitionTable table(long sectors) {
    return switch (kind) {
      case GPT -> new Gpt(disk, sectors, partitions);
      case MSDOS -> new Msdos(signature(), sectors, partitions);
    };
  }

  private int nextNumber() {
    int next = partitions.size() + 1;
    boolean extended =
        kind == PartitionTable.Kind.MSDOS && count > Msdos.EXTENDED && next >= Msdos.EXTENDED;
    return extended ? next + 1 : next;
  }

  private boolean isLogical(int number) {
    return kind == PartitionTable.Kind.MSDOS && number > Msdos.EXTENDED;
  }

  private PartitionId identity(int number) {
    return switch (kind) {
      case GPT -> PartitionId.of(identities.get());
      case MSDOS -> PartitionId.of(signature(), number);
    };
  }

  /** Never 0, which means that a disk has none. */
  private int signature() {
    int signature = (int) disk.getLeastSignificantBits();
    return signature == 0 ? 1 : signature;
  }
}
