package dev.slipway.controller.cli;

import dev.slipway.controller.goldendisk.DiskBuilder;
import dev.slipway.controller.goldendisk.DiskDescription;
import dev.slipway.controller.goldendisk.DiskFormat;
import dev.slipway.controller.progress.ProgressView;
import dev.slipway.controller.source.Sources;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code controller disk build}. */
@Command(
    name = "build",
    description = "Builds a golden disk from a description.",
    footer = {"", "Needs root. docs/man/disk.yml.md describes the description."},
    mixinStandardHelpOptions = true)
final class DiskBuildCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private DescriptionChoice description;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      required = true,
      description = "where the disk image goes; it appears when it is whole")
  private Path output;

  @Option(
      names = "--format",
      paramLabel = "raw|qcow2",
      description = "what FILE is (default: qcow2 if its name ends so, raw otherwise)")
  private Optional<DiskFormat> format;

  @Mixin private CheckOptions checks;
  @Mixin private SourceOptions images;
  @Mixin private ProgressOption progress;

  @Override
  public Integer call() {
    DiskDescription disk = description.description();
    Installation installation = Installation.ofThisProgram();
    ProgressView view = progress.view(spec.commandLine().getErr());
    Sources sources = images.sources(view::said);
    new DiskBuilder(
            disk,
            sources::open,
            content ->
                installation.preparation(
                    content.initrd(),
                    Set.of(content.fileSystem().token()),
                    content.agent(),
                    checks.choice().without(content.checksOff())),
            installation.grubScript(),
            spec.commandLine().getErr(),
            view)
        .build(output, format.orElseGet(() -> DiskFormat.byNameOf(output)));
    return 0;
  }
}
