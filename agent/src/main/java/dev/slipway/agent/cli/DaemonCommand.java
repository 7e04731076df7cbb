package dev.slipway.agent.cli;

import dev.slipway.agent.link.ControllerLink;
import dev.slipway.agent.link.Host;
import dev.slipway.agent.switching.ThisHost;
import picocli.CommandLine.Command;

/** Runs the daemon; the slot's init system starts it. */
@Command(
    name = "daemon",
    mixinStandardHelpOptions = true,
    description =
        "Puts right what a crash left behind, judges a trial, and keeps the link to the controller."
            + " Started at boot by slipway-agent.service.")
final class DaemonCommand implements Runnable {

  @Override
  public void run() {
    try {
      ThisHost host = OnThisHost.find();
      Host operations = new HostOperations(host);
      new Daemon(host, () -> ControllerLink.of(operations, OnThisHost.progress())).run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
