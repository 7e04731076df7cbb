package dev.slipway.agent.cli;

import dev.slipway.agent.switching.HostStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The status for people: one table of slots, and sentences. */
final class StatusText {
  private StatusText() {}

  static String of(HostStatus status) {
    StringBuilder text = new StringBuilder();
    table(status).forEach(line -> text.append(line).append('\n'));
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

  /** Every column as wide as its widest cell. */
  private static List<String> table(HostStatus status) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("slot", "state", "kernel", "holds"));
    for (HostStatus.SlotStatus slot : status.slots()) {
      rows.add(
          List.of(
              slot.name() + marks(slot.name(), status),
              slot.state(),
              slot.kernelVersion(),
              holds(slot)));
    }
    return rows.stream()
        .map(
            row ->
                IntStream.range(0, row.size())
                    .mapToObj(column -> padded(row.get(column), width(rows, column)))
                    .collect(Collectors.joining("  "))
                    .stripTrailing())
        .toList();
  }

  private static int width(List<List<String>> rows, int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(width - text.length());
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
              "%s is on trial, started by %s; its checks are not through."
                  .formatted(
                      status.runningSlot(),
                      status.mode().equals("coldtrial") ? "the firmware" : "kexec");
          case SWITCHING ->
              "A switch is under way; this host is about to leave %s."
                  .formatted(status.runningSlot());
          case FAILED, ROLLEDBACK, GOOD, IDLE, STAGED, STAGING -> atRest(status);
        });
    status
        .trySlot()
        .ifPresent(
            slot ->
                parts.add(
                    "The next boot through the firmware tries %s (%d left)."
                        .formatted(slot, status.tries())));
    return String.join(" ", parts);
  }

  private static String atRest(HostStatus status) {
    String unusual =
        switch (status.mode()) {
          case "saveerr" -> " GRUB could not write the boot environment when it started it.";
          case "envbad" -> " GRUB could not read the boot environment when it started it.";
          default -> "";
        };
    if (status.runningSlot().equals(status.defaultSlot())) {
      return "%s runs, and it is the slot that the firmware starts.%s"
          .formatted(status.runningSlot(), unusual);
    }
    return switch (status.proof()) {
      case WARM ->
          "%s runs, started by kexec and healthy; %s stays the default until the firmware has started %s too."
              .formatted(status.runningSlot(), status.defaultSlot(), status.runningSlot());
      case NONE, COLD ->
          "%s runs; the default is %s.%s"
              .formatted(status.runningSlot(), status.defaultSlot(), unusual);
    };
  }
}
