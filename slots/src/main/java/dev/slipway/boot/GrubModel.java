package dev.slipway.boot;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An executable model of the GRUB script: what a firmware boot does with the two copies of the boot
 * environment as they lie on the disk. Pure; tests hold it against the real GRUB.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class GrubModel {

  /**
   * What a boot comes to.
   *
   * @param slot the slot that is booted; empty: none can be read, the machine waits and reboots
   * @param why {@code slipway.why=}, may be empty text
   * @param transaction {@code slipway.txn=}, may be empty text
   * @param first the first copy after GRUB's own writes
   * @param second the second copy after GRUB's own writes
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record BootDecision(
      Optional<String> slot,
      BootMode mode,
      String why,
      String transaction,
      byte[] first,
      byte[] second) {}

  private final List<String> slots;

  /**
   * @param slots the order the script was rendered with
   */
  public GrubModel(List<String> slots) {
    this.slots = List.copyOf(slots);
  }

  /**
   * Decides a boot.
   *
   * @param first bytes of the first copy; empty array: missing or empty
   * @param second bytes of the second copy
   * @param readable slots whose kernel and initrd GRUB can load
   * @param writable whether GRUB's writes reach the disk
   */
  public BootDecision decide(byte[] first, byte[] second, Set<String> readable, boolean writable) {
    throw new UnsupportedOperationException(slots.toString());
  }
}
