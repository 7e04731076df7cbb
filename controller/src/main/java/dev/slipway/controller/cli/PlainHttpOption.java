package dev.slipway.controller.cli;

import java.util.Set;
import picocli.CommandLine.Option;

/** What every command takes that may pull an image from a registry. */
final class PlainHttpOption {
  @Option(
      names = "--plain-http",
      paramLabel = "HOST[:PORT]",
      split = ",",
      description = "A registry that may be spoken to without TLS; one on this machine may be.")
  private Set<String> hosts = Set.of();

  Set<String> hosts() {
    return hosts;
  }
}
