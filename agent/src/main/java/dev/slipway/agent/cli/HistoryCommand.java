package dev.slipway.agent.cli;

import dev.slipway.agent.switching.Event;
import dev.slipway.agent.switching.Journal;
import java.time.temporal.ChronoUnit;
import picocli.CommandLine.Command;

/** Tells the journal in words. */
@Command(
    name = "history",
    mixinStandardHelpOptions = true,
    description = "Tells what happened on this host: flashes, switches, verdicts, repairs.",
    footer = {"", "Examples:", "  agent history"})
final class HistoryCommand implements Runnable {

  @Override
  public void run() {
    Journal.Content content = OnThisHost.find().journal().read();
    for (Journal.Entry entry : content.entries()) {
      System.out.println(
          entry.at().truncatedTo(ChronoUnit.SECONDS) + "  " + inWords(entry.event()));
    }
    if (content.entries().isEmpty() && content.unreadable() == 0) {
      System.out.println("Nothing has happened on this host yet: no flash, no switch.");
    }
    if (content.unreadable() > 0) {
      System.out.printf(
          "(%d lines cannot be read: torn by a power cut, damaged, or written by a newer agent)%n",
          content.unreadable());
    }
  }

  static String inWords(Event event) {
    if (event instanceof Event.StagingStarted e) {
      return "Slot %s: writing %s".formatted(e.slot(), e.reference());
    } else if (event instanceof Event.StagingWritten e) {
      return "Slot %s: written, reading back".formatted(e.slot());
    } else if (event instanceof Event.Staged e) {
      return "Slot %s: verified, holds %s".formatted(e.slot(), e.digest());
    } else if (event instanceof Event.StagingFailed e) {
      return "Slot %s: nothing in it to boot: %s".formatted(e.slot(), e.reason());
    } else if (event instanceof Event.SwitchOrdered e) {
      String what = e.purpose() == Event.Purpose.RETURN ? "Going back" : "Switch";
      String way = e.way() == Event.Way.COLD ? ", through the firmware" : "";
      return "%s from slot %s to slot %s ordered%s".formatted(what, e.from(), e.to(), way);
    } else if (event instanceof Event.FellBackToCold e) {
      return "No kexec, going through the firmware: " + e.reason();
    } else if (event instanceof Event.Jumping) {
      return "Kernel loaded, jumping";
    } else if (event instanceof Event.Farewell) {
      return "The old system is going down";
    } else if (event instanceof Event.TrialUp e) {
      return "Slot %s is up (%s)".formatted(e.slot(), e.mode());
    } else if (event instanceof Event.Judged e) {
      String verdict = e.passed() ? "passed" : "failed: " + e.reason();
      return (e.stage() == Event.Stage.COLD ? "Cold trial " : "Warm trial ") + verdict;
    } else if (event instanceof Event.ColdTrialDue e) {
      return "The next boot through the firmware tries slot %s".formatted(e.slot());
    } else if (event instanceof Event.TryGivenBack) {
      return "Shut down within the cold trial: its try is given back";
    } else if (event instanceof Event.Committed e) {
      return "Slot %s is the default (before: %s)".formatted(e.slot(), e.previous());
    } else if (event instanceof Event.RolledBack e) {
      return "Rolled back: " + e.reason();
    } else if (event instanceof Event.Aborted e) {
      return "Switch given up: " + e.reason();
    } else if (event instanceof Event.Noted e) {
      return "Put right: " + e.reason();
    }
    throw new IllegalStateException("no words for " + event);
  }
}
