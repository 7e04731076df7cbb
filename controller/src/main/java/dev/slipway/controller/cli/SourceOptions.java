package dev.slipway.controller.cli;

import dev.slipway.controller.source.Sources;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** What every command takes that opens images. */
final class SourceOptions {
  @Option(
      names = "--plain-http",
      paramLabel = "HOST[:PORT]",
      split = ",",
      description = "A registry that may be spoken to without TLS; one on this machine may be.")
  private Set<String> plainHttp = Set.of();

  @Option(
      names = "--work",
      paramLabel = "DIR",
      defaultValue = "/var/tmp",
      description = "Where there is room for what is made in between (${DEFAULT-VALUE}).")
  private Path work;

  /**
   * Where images may come from.
   *
   * @param progress takes each line that the building of one says
   */
  Sources sources(Consumer<String> progress) {
    return new Sources(work, plainHttp, progress);
  }

  Path work() {
    return work;
  }
}
