package dev.slipway.agent.switching;

import dev.slipway.release.Phase;
import dev.slipway.release.Proof;
import java.util.List;
import java.util.Optional;

/**
 * Everything there is to say about this host and its slots at one moment: what {@code agent status}
 * prints and what the agent reports to the controller.
 *
 * @param bootId the kernel's random id of this boot ({@code /proc/sys/kernel/random/boot_id})
 * @param hostname the host's name
 * @param machineId the host's machine id, the same in every slot
 * @param agentVersion the agent's version
 * @param runningSlot the slot that runs
 * @param mode the kind of this boot, in the word of the kernel command line ({@code committed},
 *     {@code warmtrial}, {@code coldtrial}, {@code rolledback}, {@code saveerr}, {@code envbad})
 * @param why why GRUB or the agent chose that mode; empty when there is nothing to say
 * @param generation the boot environment's generation; 0 when neither copy can be read
 * @param defaultSlot the slot the boot environment calls the default; empty when it can't be read
 * @param trySlot the slot that has a cold trial before it
 * @param tries how many cold trials it has left
 * @param phase where the host stands between one release and the next
 * @param proof how well the running slot is proven
 * @param transaction the id of the newest switch, running or ended; empty before the first
 * @param failure what went wrong last; absent as soon as a newer switch went well
 * @param checks the health checks of the newest trial, in the order they ran
 * @param slots every slot of the disk, in the order of the disk
 * @param notes what an operator should know, in whole sentences (repairs, alarms)
 */
public record HostStatus(
    String bootId,
    String hostname,
    String machineId,
    String agentVersion,
    String runningSlot,
    String mode,
    String why,
    long generation,
    String defaultSlot,
    Optional<String> trySlot,
    int tries,
    Phase phase,
    Proof proof,
    String transaction,
    Optional<Failure> failure,
    List<Check> checks,
    List<SlotStatus> slots,
    List<String> notes) {

  public HostStatus {
    checks = List.copyOf(checks);
    slots = List.copyOf(slots);
    notes = List.copyOf(notes);
  }

  /** The slot that runs. */
  public SlotStatus running() {
    return slot(runningSlot)
        .orElseThrow(() -> new IllegalStateException("no slot is called " + runningSlot));
  }

  /** The slot of that name. */
  public Optional<SlotStatus> slot(String name) {
    return slots.stream().filter(slot -> slot.name().equals(name)).findFirst();
  }

  /**
   * Why something ended badly.
   *
   * @param phase what was being done
   * @param reason a reason of docs/switching.md, such as {@code trial-panic} or {@code health:disk}
   * @param digest the digest of the release in the slot concerned; empty when it is not known
   */
  public record Failure(Phase phase, String reason, String digest) {}

  /**
   * One health check.
   *
   * @param outcome {@code passed}, {@code failed} or {@code timeout}
   * @param reason the last line the check printed, or what it found; empty when it passed silently
   */
  public record Check(String name, String outcome, String reason) {}

  /**
   * One slot.
   *
   * @param state {@code empty}, {@code staging} or {@code ready}
   * @param reference the image reference it was written from; empty when it holds nothing
   * @param release name:version of the release, empty when it came from elsewhere
   * @param digest the digest of the release or image, empty when it holds nothing
   * @param kernelVersion its kernel's version; empty when it holds nothing
   * @param filesystem its file system's kind; empty when it holds nothing
   * @param size its partition's size in bytes
   */
  public record SlotStatus(
      String name,
      String state,
      String reference,
      String release,
      String digest,
      String kernelVersion,
      String filesystem,
      long size) {}
}
