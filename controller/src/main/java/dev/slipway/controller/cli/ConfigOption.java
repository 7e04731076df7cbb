package dev.slipway.controller.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where the configuration of the server lies that a command talks to. */
final class ConfigOption {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      defaultValue = "config.yml",
      description = "The server's configuration (default: ${DEFAULT-VALUE}).")
  private Path file;

  RunningController controller() {
    return RunningController.of(file);
  }
}
