package dev.slipway.controller.cli;

import dev.slipway.controller.goldendisk.Cancellation;
import dev.slipway.controller.goldendisk.DiskDescription;
import dev.slipway.controller.goldendisk.DiskExplanation;
import dev.slipway.controller.source.Sources;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code controller disk explain}. */
@Command(
    name = "explain",
    description =
        "Says which features the file system of each slot would have, and which reader decided"
            + " that.",
    footer = {
      "",
      "Reads the images and writes nothing.",
      "",
      "Examples:",
      "  controller disk explain disk.yml",
      "  controller disk explain disk.yml --host web1 --json"
    },
    mixinStandardHelpOptions = true)
final class DiskExplainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private DescriptionChoice description;

  @Option(names = "--json", description = "as one JSON object")
  private boolean json;

  @Mixin private SourceOptions images;

  @Override
  public Integer call() {
    DiskDescription disk = description.description();
    Sources sources = images.sources(spec.commandLine().getErr()::println);
    DiskExplanation explanation;
    try (Cancellation cancellation = Cancellation.onSignals(spec.commandLine().getErr())) {
      explanation =
          DiskExplanation.of(disk, reference -> cancellation.guard(() -> sources.open(reference)));
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(json ? explanation.json().writePretty() : explanation.text());
    out.flush();
    return 0;
  }
}
