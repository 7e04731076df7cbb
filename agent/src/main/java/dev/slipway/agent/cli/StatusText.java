package dev.slipway.agent.cli;

import dev.slipway.agent.switching.HostStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The status for people: one table of slots, and sentences. */
final class StatusText {
  private StatusText() {}

  static String of(HostStatus status) {
    StringBuilder text = new StringBuilder();
    text.append("slot              state    kernel            holds\n");
    for (HostStatus.SlotStatus slot : status.slots()) {
      text.append(
              "%-17s %-8s %-17s %s"
                  .formatted(
                      slot.name() + marks(slot.name(), status),
                      slot.state(),
                      slot.kernelVersion(),
                      holds(slot))
                  .stripTrailing())
          .append('\n');
    }
    text.append("(* runs, = default)\n\n");
    text.append(sentence(status)).append('\n');
    status
        .failure()
        .ifPresent(
            failure ->
                text.append(
                    "Newest failure, while %s: %s.\n"
                        .formatted(failure.phase().word(), failure.reason())));
    if (!status.checks().isEmpty()) {
      text.append("Checks of the newest trial: ")
          .append(status.checks().stream().map(StatusText::check).collect(Collectors.joining(", ")))
          .append(".\n");
    }
    status.notes().forEach(note -> text.append("Note: ").append(note).append('\n'));
    return text.toString();
  }

  private static String marks(String slot, HostStatus status) {
    return (slot.equals(status.runningSlot()) ? "*" : "")
        + (slot.equals(status.defaultSlot()) ? "=" : "");
  }

  private static String holds(HostStatus.SlotStatus slot) {
    return slot.release().isEmpty() ? slot.reference() : slot.release();
  }

  private static String check(HostStatus.Check check) {
    String said = check.reason().isEmpty() ? "" : " (" + check.reason() + ")";
    return check.name() + " " + check.outcome() + said;
  }

  private static String sentence(HostStatus status) {
    List<String> parts = new ArrayList<>();
    parts.add(
        switch (status.phase()) {
          case CHECKING ->
              "Slot %s is on trial (%s); its checks are not through."
                  .formatted(
                      status.runningSlot(),
                      status.mode().equals("coldtrial") ? "booted by the firmware" : "by kexec");
          case SWITCHING ->
              "A switch is under way; this host is about to leave slot %s."
                  .formatted(status.runningSlot());
          case FAILED, ROLLEDBACK, GOOD, IDLE, STAGED, STAGING ->
              "Slot %s runs (%s).".formatted(status.runningSlot(), status.mode());
        });
    status
        .trySlot()
        .ifPresent(
            slot ->
                parts.add(
                    "The next boot through the firmware tries slot %s (%d left)."
                        .formatted(slot, status.tries())));
    return String.join(" ", parts);
  }
}
