package dev.slipway.controller.cli;

import dev.slipway.controller.goldendisk.DiskFormat;
import java.nio.file.Path;
import java.util.Optional;
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
    footer = {
      "",
      "Needs root. docs/man/disk.yml.md describes the description; 'controller disk flash' builds onto a",
      "real disk.",
      "",
      "Examples:",
      "  controller disk build disk.yml -o golden.img",
      "  controller disk build disk.yml -o web1.qcow2 --host web1",
      "  controller disk build disk.yml -o golden.img --progress json"
    },
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

  @Mixin private BuildOptions options;

  @Override
  public Integer call() {
    options
        .builder(description.description(), spec.commandLine().getErr())
        .build(output, format.orElseGet(() -> DiskFormat.byNameOf(output)));
    return 0;
  }
}
