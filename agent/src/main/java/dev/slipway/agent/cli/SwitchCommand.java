package dev.slipway.agent.cli;

import dev.slipway.agent.switching.CommitPolicy;
import dev.slipway.agent.switching.Event.Way;
import dev.slipway.agent.switching.Switch;
import dev.slipway.agent.switching.ThisHost;
import dev.slipway.linux.OperatorError;
import java.io.Console;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Starts another slot on trial. */
@Command(
    name = "switch",
    mixinStandardHelpOptions = true,
    description = {
      "Ends this system and starts another slot on trial, by kexec. When the slot does not prove itself"
          + " healthy, the host comes back to the default slot by itself.",
    },
    footer = {
      "",
      "Examples:",
      "  agent switch slot2",
      "  agent switch slot2 --commit trust --yes",
      "  agent switch slot2 --cold"
    })
final class SwitchCommand implements Runnable {
  @Parameters(paramLabel = "SLOT", description = "The slot to start.")
  private String slot;

  @Option(names = "--cold", description = "Go through the firmware instead of kexec.")
  private boolean cold;

  @Option(
      names = "--commit",
      paramLabel = "POLICY",
      description =
          "When the slot becomes the default: next-natural (after it has also passed the next boot"
              + " through the firmware), immediate (boot it through the firmware right away) or"
              + " trust (as soon as it is healthy). Without it, as agent.conf says.")
  private Optional<CommitPolicy> commit = Optional.empty();

  @Option(names = "--yes", description = "Do not ask.")
  private boolean yes;

  // On the Java 17 of the bundle there is no console when nobody can answer.
  @SuppressWarnings("SystemConsoleNull")
  @Override
  public void run() {
    ThisHost host = OnThisHost.find();
    Console console = System.console();
    if (!yes && console != null) {
      String answer =
          console.readLine("This ends the running system and starts slot %s. Go on? [y/N] ", slot);
      if (answer == null || !answer.strip().equalsIgnoreCase("y")) {
        throw OperatorError.refused("Nothing was changed.");
      }
    }
    new Switch(host, OnThisHost.progress())
        .to(slot, cold ? Way.COLD : Way.WARM, commit.orElse(host.configuration().commit()));
  }
}
