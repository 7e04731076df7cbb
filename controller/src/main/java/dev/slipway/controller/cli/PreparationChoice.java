package dev.slipway.controller.cli;

import dev.slipway.controller.osimage.InitrdSource;
import dev.slipway.controller.osimage.PreparationOptions;
import dev.slipway.filesystem.FileSystemKind;
import dev.slipway.linux.OperatorError;
import java.nio.file.Path;
import java.util.Set;
import picocli.CommandLine.Option;

/** The options of every command that prepares an image to boot. */
final class PreparationChoice {
  @Option(
      names = "--initrd",
      paramLabel = "SOURCE",
      defaultValue = "dracut",
      description = "dracut makes the initrd; keep takes the image's own (${DEFAULT-VALUE}).")
  private InitrdSource initrd;

  @Option(
      names = "--filesystem",
      paramLabel = "KIND",
      split = ",",
      defaultValue = "xfs,ext4",
      description = "What slots it has to boot from (${DEFAULT-VALUE}).")
  private Set<String> fileSystems;

  @Option(names = "--no-agent", description = "Leave the agent out: the image brings its own.")
  private boolean noAgent;

  @Option(
      names = "--work",
      paramLabel = "DIR",
      defaultValue = "/var/tmp",
      description = "Where there is room to unpack and pack it (${DEFAULT-VALUE}).")
  private Path work;

  PreparationOptions options() {
    for (String kind : fileSystems) {
      if (FileSystemKind.of(kind).isEmpty()) {
        throw new OperatorError("'" + kind + "' is no file system for slots: use xfs or ext4.");
      }
    }
    return Installation.ofThisProgram().preparation(initrd, fileSystems, !noAgent);
  }

  Path work() {
    return work;
  }
}
