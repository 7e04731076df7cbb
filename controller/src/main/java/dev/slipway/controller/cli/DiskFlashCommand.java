package dev.slipway.controller.cli;

import dev.slipway.controller.goldendisk.DiskBuilder;
import dev.slipway.controller.goldendisk.TargetReport;
import dev.slipway.controller.targetdisk.TargetDisk;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code controller disk flash}. */
@Command(
    name = "flash",
    description = "Builds a golden disk straight onto a real disk, over everything that is on it.",
    footer = {
      "",
      "Needs root. Shows what is on the disk and asks for its serial number before it writes.",
      "",
      "Examples:",
      "  controller disk flash disk.yml /dev/sdb",
      "  controller disk flash disk.yml /dev/sdb --yes-erase S3Z8NB0K123456"
    },
    mixinStandardHelpOptions = true)
final class DiskFlashCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private DescriptionChoice description;

  @Parameters(
      index = "1",
      paramLabel = "DEVICE",
      description = "the whole disk that is written, such as /dev/sdb")
  private Path device;

  @Option(
      names = "--yes-erase",
      paramLabel = "SERIAL",
      description = "erase the disk without asking, if this is its serial number")
  private Optional<String> yesErase;

  @Mixin private BuildOptions options;

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    DiskBuilder builder = options.builder(description.description(), err);
    try (TargetDisk target = TargetDisk.claim(device)) {
      builder.requireRoom(target);
      err.print(TargetReport.text(target));
      err.flush();
      Erasure.of(yesErase).require(target);
      builder.flash(target, options.work());
    }
    return 0;
  }
}
