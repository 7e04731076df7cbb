package dev.slipway.e2e;

import dev.slipway.boot.GrubModel;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The product's GRUB script, several times over in one file, each time with two copies of the boot
 * environment of its own, so that one start of a machine tries many states. What it decides, reads
 * and writes is the product's; in place of a boot it goes on with the next.
 *
 * @param script as it was rendered
 */
record ScriptRuns(String script) {

  /** What GRUB says once all are done. */
  static final String END = "every state was tried";

  private static final String NOT_STARTED =
      """
                  echo "Slipway cannot start slot=$1; next attempt in 30 seconds"
                  sleep 30
                  reboot
      """;

  private static final Pattern SET = Pattern.compile("(?m)^ *set ([a-z_0-9]+)=");
  private static final Pattern SAID =
      Pattern.compile(
          "state (?<run>[0-9]+)"
              + "|Slipway boots slot=(?<slot>\\S*) mode=(?<mode>\\S*) why=(?<why>\\S*)"
              + " txn=(?<txn>[0-9T]*)");

  private static final String NOTHING = "nothing";

  /** Where a run has its copies on the EFI system partition; {@code copy} is 1 or 2. */
  static String path(int run, int copy) {
    return "/states/" + run + "." + copy;
  }

  /** A script for GRUB that runs so many states. */
  String of(int runs) {
    String each =
        replaced(
            replaced(
                replaced(script, "sleep 30\nreboot\n", ""),
                "function bootslot {\n",
                "function bootslot {\n  if [ \"$booted\" = 1 ]; then\n    return\n  fi\n"),
            "\n              boot\n            fi\n" + NOT_STARTED,
            "\n              set booted=1\n            fi\n");
    StringBuilder all = new StringBuilder();
    for (int run = 0; run < runs; run++) {
      variables().forEach(variable -> all.append("unset ").append(variable).append('\n'));
      all.append("echo \"state ").append(run).append("\"\n");
      all.append(
          replaced(replaced(each, "/slipway/env1", path(run, 1)), "/slipway/env2", path(run, 2)));
    }
    return all.append("echo \"").append(END).append("\"\nsleep 600\n").toString();
  }

  /** A fresh GRUB has none of the script's variables. */
  private List<String> variables() {
    TreeSet<String> names =
        new TreeSet<>(List.of("booted", "bd", "u", "gen", "default_slot", "try", "txn", "end"));
    Matcher set = SET.matcher(script);
    while (set.find()) {
      names.add(set.group(1));
    }
    return List.copyOf(names);
  }

  /**
   * What GRUB said about each run before its first boot: slot, mode, reason and transaction, or
   * nothing.
   *
   * @param console everything that it said, some of it twice under UEFI
   */
  static Map<Integer, String> said(String console) {
    Map<Integer, String> all = new TreeMap<>();
    // The first run says its number before its script has found the serial line.
    int run = 0;
    all.put(run, NOTHING);
    Matcher said = SAID.matcher(console);
    while (said.find()) {
      if (said.group("run") != null) {
        run = Integer.parseInt(said.group("run"));
        all.putIfAbsent(run, NOTHING);
      } else if (NOTHING.equals(all.get(run))) {
        all.put(
            run,
            line(said.group("slot"), said.group("mode"), said.group("why"), said.group("txn")));
      }
    }
    return all;
  }

  /** What GRUB says when it does as the model. */
  static String expected(GrubModel.BootDecision decision) {
    return decision
        .slot()
        .map(slot -> line(slot, decision.mode().token(), decision.why(), decision.transaction()))
        .orElse(NOTHING);
  }

  private static String line(String slot, String mode, String why, String transaction) {
    return String.join(" ", slot, mode, why, transaction);
  }

  private static String replaced(String text, String what, String with) {
    int at = text.indexOf(what);
    if (at < 0) {
      throw new AssertionError("The script has no " + what);
    }
    return text.replace(what, with);
  }
}
