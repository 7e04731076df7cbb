package dev.slipway.controller.cli;

import dev.slipway.controller.goldendisk.DiskDescription;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a disk shall be, and for which host. */
final class DescriptionChoice {
  @Parameters(index = "0", paramLabel = "DISK.YML", description = "what the disk shall be")
  private Path file;

  @Option(
      names = "--host",
      paramLabel = "NAME",
      description = "one of the description's hosts (default: what holds for all)")
  private Optional<String> host;

  /**
   * The description.
   *
   * @throws dev.slipway.linux.OperatorError when it cannot be read, is wrong or has no such host
   */
  DiskDescription description() {
    return DiskDescription.read(file, host);
  }
}
