package dev.slipway.agent.cli;

import java.util.Optional;
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
      new Daemon(OnThisHost.find(), Optional::empty).run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
