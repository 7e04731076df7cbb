package dev.slipway.controller.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code controller release list}. */
@Command(
    name = "list",
    description = "Lists the published releases, the newest first.",
    mixinStandardHelpOptions = true)
final class ReleaseListCommand implements Callable<Integer> {
  private static final double MIB = 1024.0 * 1024.0;
  private static final String LINE = "%-24s %-20s %10s  %-20s  %s%n";

  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config;

  @Option(names = "--json", description = "As JSON, for programs.")
  private boolean asJson;

  @Override
  public Integer call() {
    JsonNode releases = config.controller().get("/api/v1/releases");
    PrintWriter out = spec.commandLine().getOut();
    if (asJson) {
      out.println(releases.toPrettyString());
    } else {
      out.printf(LINE, "RELEASE", "KERNEL", "SIZE", "PUBLISHED", "DIGEST");
      for (JsonNode release : releases) {
        out.printf(
            LINE,
            release.path("release").asText(),
            release.path("kernelVersion").asText(),
            "%.1f MiB".formatted(release.path("sizeBytes").asLong() / MIB),
            release.path("publishedAt").asText(),
            release.path("digest").asText());
      }
    }
    out.flush();
    return 0;
  }
}
