package dev.slipway.controller.cli;

import dev.slipway.controller.goldendisk.Cancellation;
import dev.slipway.controller.osimage.OsImagePreparation;
import dev.slipway.controller.osimage.PreparationOptions;
import dev.slipway.controller.registry.OciImageWriter;
import dev.slipway.controller.registry.ReleaseBuilder;
import dev.slipway.controller.source.ImageReference;
import dev.slipway.controller.source.Sources;
import dev.slipway.image.Image;
import dev.slipway.release.ReleaseManifest;
import dev.slipway.release.ReleaseManifest.Descriptor;
import dev.slipway.release.ReleaseName;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code controller release publish}: from an image to a release that hosts can pull. */
@Command(
    name = "publish",
    description = {
      "Prepares an image to boot and publishes it as a release.",
      "A name and version, once published, mean the same for ever."
    },
    mixinStandardHelpOptions = true)
final class ReleasePublishCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config;
  @Mixin private PreparationChoice choice;

  @Parameters(
      paramLabel = "IMAGE",
      description =
          "docker-daemon:NAME, docker-archive:FILE, oci:DIR, oci-archive:FILE, rootfs:FILE")
  private String image;

  @Option(names = "--name", required = true, description = "What it is, as in web.")
  private String name;

  @Option(names = "--version", required = true, description = "Which one, as in 2.")
  private String version;

  @Override
  public Integer call() {
    ReleaseName release = new ReleaseName(name, version);
    ImageReference reference = ImageReference.parse(image);
    RunningController controller = config.controller();
    PreparationOptions options = choice.options();
    controller.get("/api/v1/releases");
    PrintWriter out = spec.commandLine().getOut();
    out.println("Preparing " + image + " to boot ...");
    out.flush();
    try (Cancellation cancellation = Cancellation.onSignals(spec.commandLine().getErr());
        Image opened = new Sources(choice.work()).open(reference);
        ReleaseBuilder.Built built =
            new ReleaseBuilder(new OsImagePreparation(), choice.work())
                .build(cancellation.guard(opened), Optional.of(release), options)) {
      upload(controller, release, built);
      out.printf(
          "Published %s: %s, kernel %s.%n",
          release, built.digest(), built.prepared().kernelVersion());
      out.flush();
    }
    return 0;
  }

  private static void upload(
      RunningController controller, ReleaseName release, ReleaseBuilder.Built built) {
    String repository = "/v2/" + release.name();
    ReleaseManifest manifest = built.manifest();
    for (Descriptor part : new Descriptor[] {manifest.config(), manifest.layer()}) {
      if (!controller.exists(repository + "/blobs/" + part.digest())) {
        controller.put(
            repository + "/blobs/uploads/release?digest=" + part.digest(),
            OciImageWriter.blob(built.layout(), part.digest()));
      }
    }
    controller.put(
        repository + "/manifests/" + release.version(),
        manifest.write(),
        ReleaseManifest.MEDIA_TYPE);
  }
}
