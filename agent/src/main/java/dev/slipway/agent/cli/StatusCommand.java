package dev.slipway.agent.cli;

import dev.slipway.agent.switching.HostStatus;
import dev.slipway.agent.switching.StatusReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Says how the host is. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Shows the slots, which one runs, and how the newest switch went.",
    footer = {"", "Examples:", "  agent status", "  agent status --json"})
final class StatusCommand implements Runnable {
  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public void run() {
    HostStatus status = new StatusReport(OnThisHost.find(), AgentVersion.text()).now();
    System.out.print(json ? StatusJson.of(status).writePretty() : StatusText.of(status));
  }
}
