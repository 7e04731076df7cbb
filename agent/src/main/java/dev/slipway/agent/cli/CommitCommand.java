package dev.slipway.agent.cli;

import dev.slipway.agent.switching.CommitPolicy;
import dev.slipway.agent.switching.Trial;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lets a trial pass. */
@Command(
    name = "commit",
    mixinStandardHelpOptions = true,
    description =
        "Lets the trial of the running slot pass without waiting for its checks. The daemon does"
            + " this by itself when they pass.",
    footer = {"", "Examples:", "  agent commit", "  agent commit --policy trust"})
final class CommitCommand implements Runnable {
  @Option(
      names = "--policy",
      paramLabel = "POLICY",
      description = "next-natural, immediate or trust; without it, as the switch had it.")
  private Optional<CommitPolicy> policy = Optional.empty();

  @Override
  public void run() {
    new Trial(OnThisHost.find(), OnThisHost.progress()).commit(policy);
  }
}
