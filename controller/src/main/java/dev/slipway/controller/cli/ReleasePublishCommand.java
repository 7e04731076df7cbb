package dev.slipway.controller.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.controller.registry.OciImageWriter;
import dev.slipway.controller.registry.ReleaseBuilder.Built;
import dev.slipway.linux.OperatorError;
import dev.slipway.release.ReleaseManifest;
import dev.slipway.release.ReleaseManifest.Descriptor;
import dev.slipway.release.ReleaseName;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code controller release publish}: from an image to a release that hosts can pull. */
@Command(
    name = "publish",
    description = {
      "Prepares an image to boot and publishes it as a release.",
      "A name and version, once published, mean the same for ever."
    },
    footer = {
      "",
      "Examples:",
      "  controller release publish docker-daemon:web:2 --name web --version 2",
      "  controller release publish dockerfile:web --name web --version 3"
    })
final class ReleasePublishCommand implements Callable<Integer> {
  @Mixin private ConfigOption config;
  @Mixin private PreparationChoice choice;

  @Option(names = "--name", required = true, description = "What it is, as in web.")
  private String name;

  @Option(names = "--version", required = true, description = "Which one, as in 2.")
  private String version;

  /** The standard options cannot be mixed in: their --version is the program's. */
  @SuppressWarnings("unused") // picocli asks the option itself
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help message and exit.")
  private boolean help;

  @Override
  public Integer call() {
    ReleaseName release = new ReleaseName(name, version);
    PreparationChoice.Preparation preparation = choice.preparation();
    RunningController controller = config.controller();
    requireFree(release, controller);
    preparation.run(
        Optional.of(release),
        (built, steps) -> {
          steps.runCounted(
              "send to the server",
              OptionalLong.of(built.manifest().layer().size()),
              step -> upload(controller, release, built, step));
          return "Published %s: %s, kernel %s, %s."
              .formatted(
                  release,
                  built.digest(),
                  built.prepared().kernelVersion(),
                  built.prepared().changeCount());
        });
    return 0;
  }

  /** The server would refuse it, too, but only after minutes of preparing and uploading. */
  private static void requireFree(ReleaseName release, RunningController controller) {
    for (JsonNode published : controller.get("/api/v1/releases")) {
      if (published.path("release").asText().equals(release.toString())) {
        throw OperatorError.refused(
            release
                + " is published already ("
                + published.path("digest").asText()
                + "). A version keeps its meaning for ever: choose another.");
      }
    }
  }

  private static void upload(
      RunningController controller, ReleaseName release, Built built, LongConsumer sent) {
    String repository = "/v2/" + release.name();
    ReleaseManifest manifest = built.manifest();
    for (Descriptor part : new Descriptor[] {manifest.config(), manifest.layer()}) {
      if (!controller.exists(repository + "/blobs/" + part.digest())) {
        controller.put(
            repository + "/blobs/uploads/release?digest=" + part.digest(),
            OciImageWriter.blob(built.layout(), part.digest()),
            sent);
      }
    }
    controller.put(
        repository + "/manifests/" + release.version(),
        manifest.write(),
        ReleaseManifest.MEDIA_TYPE);
  }
}
