package dev.slipway.controller.cli;

import dev.slipway.controller.goldendisk.DiskInspection;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code controller disk inspect}. */
@Command(
    name = "inspect",
    description = "Says what is on a golden disk and what it will boot.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  controller disk inspect golden.img",
      "  controller disk inspect /dev/sdb --json"
    })
final class DiskInspectCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DISK", description = "the golden disk's image")
  private Path disk;

  @Option(names = "--json", description = "as one JSON object")
  private boolean json;

  @Override
  public Integer call() {
    DiskInspection inspection = DiskInspection.of(disk);
    PrintWriter out = spec.commandLine().getOut();
    out.print(json ? inspection.json().writePretty() : inspection.text());
    out.flush();
    return 0;
  }
}
