package dev.slipway.agent.cli;

import java.util.Optional;
import picocli.CommandLine;

/** The agent's version, as its jar says it. */
final class AgentVersion implements CommandLine.IVersionProvider {
  static String text() {
    return Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
        .orElse("development");
  }

  @Override
  public String[] getVersion() {
    return new String[] {"agent " + text()};
  }
}
