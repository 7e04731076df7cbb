package dev.slipway.controller.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.controller.cli.Table.Column;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code controller release list}. */
@Command(
    name = "list",
    description = "Lists the published releases, the newest first.",
    mixinStandardHelpOptions = true,
    footer = {"", "Examples:", "  controller release list", "  controller release list --json"})
final class ReleaseListCommand implements Callable<Integer> {
  private static final double MIB = 1024.0 * 1024.0;
  private static final Table TABLE =
      Table.of(
          Column.of("RELEASE", "release"),
          Column.of("KERNEL", "kernelVersion"),
          new Column("SIZE", ReleaseListCommand::size),
          Column.of("PUBLISHED", "publishedAt"),
          Column.of("DIGEST", "digest"));

  @Mixin private ConfigOption config;
  @Mixin private AnswerFormat format;

  @Override
  public Integer call() {
    format.print(config.controller().get("/api/v1/releases"), TABLE::print);
    return 0;
  }

  private static String size(JsonNode release) {
    return String.format(Locale.ROOT, "%.1f MiB", release.path("sizeBytes").asLong() / MIB);
  }
}
