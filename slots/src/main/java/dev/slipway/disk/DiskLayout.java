package dev.slipway.disk;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Which partition of a Slipway disk is what: {@code slipway-bios}, {@code slipway-esp}, one {@code
 * slipway-slot-NAME} for each slot, {@code slipway-data}, in this order.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class DiskLayout {

  /** A slot that is to be made: its name and its size in bytes. */
  public record SlotSize(String name, long bytes) {}

  /** A slot of the disk and the partition that holds it. */
  public record Slot(String name, Partition partition) {}

  /**
   * Plans a disk. Partitions start on whole MiB; slot sizes are rounded up to whole MiB, and data
   * takes what is left of a disk whose size is given.
   *
   * @param diskSize in bytes; empty: just large enough
   * @param identities where the disk's and the partitions' UUIDs come from
   * @throws dev.slipway.linux.OperatorError when it does not fit, with both numbers
   */
  public static DiskLayout plan(
      OptionalLong diskSize, List<SlotSize> slots, long dataBytes, Supplier<UUID> identities) {
    throw new UnsupportedOperationException();
  }

  /**
   * Recognises the layout of an existing disk.
   *
   * @param what the disk, as the operator knows it, for the message
   * @throws dev.slipway.linux.OperatorError (refused, exit code 3) when it is not a Slipway disk
   */
  public static DiskLayout of(Gpt table, String what) {
    throw new UnsupportedOperationException();
  }

  public Gpt table() {
    throw new UnsupportedOperationException();
  }

  /** Size of the whole disk in bytes. */
  public long diskSize() {
    throw new UnsupportedOperationException();
  }

  public Partition bios() {
    throw new UnsupportedOperationException();
  }

  public Partition esp() {
    throw new UnsupportedOperationException();
  }

  /** The slots in the order of the table. */
  public List<Slot> slots() {
    throw new UnsupportedOperationException();
  }

  public Optional<Slot> slot(String name) {
    return slots().stream().filter(slot -> slot.name().equals(name)).findFirst();
  }

  public Partition data() {
    throw new UnsupportedOperationException();
  }
}
