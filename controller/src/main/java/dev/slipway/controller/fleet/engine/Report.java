package dev.slipway.controller.fleet.engine;

import dev.slipway.release.Phase;
import dev.slipway.release.Proof;
import java.util.List;
import java.util.Optional;

/**
 * Everything a host says about itself in one sync.
 *
 * @param seq rises with each message of one boot
 * @param bootId {@code /proc/sys/kernel/random/boot_id}: another value is another boot
 * @param generation the highest generation of desired state that the host has seen
 * @param runningSlot the slot that it runs
 * @param mode {@code slipway.mode} of the kernel command line: what kind of boot this is
 * @param why {@code slipway.why}: empty, or why GRUB or the agent went back
 * @param transaction of the last switch; may be empty
 * @param defaultSlot the slot that firmware boots
 * @param trySlot the slot on trial; empty without one
 * @param slots all slots, in the order of the disk
 * @param phase what the agent is doing
 * @param proof of the running OS
 * @param failure of the last thing asked of it
 * @param checks results for the running OS
 * @param agentVersion for people
 */
public record Report(
    long seq,
    String bootId,
    long generation,
    String runningSlot,
    String mode,
    String why,
    String transaction,
    String defaultSlot,
    String trySlot,
    List<SlotReport> slots,
    Phase phase,
    Proof proof,
    Optional<Failure> failure,
    List<CheckReport> checks,
    String agentVersion) {
  /** Copies the lists. */
  public Report {
    slots = List.copyOf(slots);
    checks = List.copyOf(checks);
  }

  /** The running slot's own entry. */
  public Optional<SlotReport> running() {
    return slots.stream().filter(slot -> slot.name().equals(runningSlot)).findFirst();
  }

  /** The digest of what runs; empty if the host cannot tell. */
  public String runningDigest() {
    return running().map(SlotReport::digest).orElse("");
  }

  /** Whether a slot that does not run holds exactly this, read back. */
  public boolean hasStaged(String digest) {
    return slots.stream().anyMatch(slot -> slot.holds(digest) && !slot.name().equals(runningSlot));
  }

  /** Whether there is a slot that may be written: neither running, nor default, nor on trial. */
  public boolean hasWritableSlot() {
    return slots.stream()
        .map(SlotReport::name)
        .anyMatch(
            name ->
                !name.equals(runningSlot) && !name.equals(defaultSlot) && !name.equals(trySlot));
  }

  /** Whether the host is about to leave this boot: what it shows else may be over in a moment. */
  boolean isLeaving() {
    return phase == Phase.SWITCHING;
  }

  /** Whether this says the same as another, its number aside. */
  boolean saysTheSameAs(Report other) {
    return withSeq(other.seq).equals(other);
  }

  private Report withSeq(long number) {
    return new Report(
        number,
        bootId,
        generation,
        runningSlot,
        mode,
        why,
        transaction,
        defaultSlot,
        trySlot,
        slots,
        phase,
        proof,
        failure,
        checks,
        agentVersion);
  }
}
