package dev.slipway.agent.cli;

import dev.slipway.agent.switching.Event.Way;
import dev.slipway.agent.switching.Rollback;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Goes back. */
@Command(
    name = "rollback",
    mixinStandardHelpOptions = true,
    description =
        "Ends this system and goes back: from a trial to the default slot, from a committed slot to"
            + " the one that was the default before it.",
    footer = {"", "Examples:", "  agent rollback", "  agent rollback --cold"})
final class RollbackCommand implements Runnable {
  @Option(names = "--cold", description = "Go through the firmware instead of kexec.")
  private boolean cold;

  @Override
  public void run() {
    new Rollback(OnThisHost.find(), OnThisHost.progress()).run(cold ? Way.COLD : Way.WARM);
  }
}
