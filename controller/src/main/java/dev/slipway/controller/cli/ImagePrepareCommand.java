package dev.slipway.controller.cli;

import dev.slipway.controller.goldendisk.Cancellation;
import dev.slipway.controller.goldendisk.PartialFile;
import dev.slipway.controller.osimage.OsImagePreparation;
import dev.slipway.controller.osimage.PreparationOptions;
import dev.slipway.controller.registry.OciImageWriter;
import dev.slipway.controller.registry.ReleaseBuilder;
import dev.slipway.controller.source.ImageReference;
import dev.slipway.controller.source.Sources;
import dev.slipway.image.Image;
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

/**
 * {@code controller image prepare}: from an image to a file that {@code agent flash} takes as it
 * is.
 */
@Command(
    name = "prepare",
    description = "Prepares an image to boot and writes it as an OCI archive.",
    footer = {"", "Needs root. A host takes the file by: agent flash SLOT oci-archive:FILE"},
    mixinStandardHelpOptions = true)
final class ImagePrepareCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private PreparationChoice choice;

  @Parameters(
      paramLabel = "IMAGE",
      description =
          "docker-daemon:NAME, docker-archive:FILE, oci:DIR, oci-archive:FILE, rootfs:FILE")
  private String image;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      required = true,
      description = "Where the archive goes; it appears when it is whole.")
  private Path output;

  @Override
  public Integer call() {
    ImageReference reference = ImageReference.parse(image);
    PartialFile.requirePossible(output);
    PreparationOptions options = choice.options();
    PrintWriter out = spec.commandLine().getOut();
    out.println("Preparing " + image + " to boot ...");
    out.flush();
    try (Cancellation cancellation = Cancellation.onSignals(spec.commandLine().getErr());
        Image opened = new Sources(choice.work()).open(reference);
        ReleaseBuilder.Built built =
            new ReleaseBuilder(new OsImagePreparation(), choice.work())
                .build(cancellation.guard(opened), Optional.empty(), options)) {
      OciImageWriter.archive(built.layout(), output);
      out.printf(
          "%s: %s, kernel %s, %d changes (in /usr/lib/slipway/changes).%n",
          output,
          built.digest(),
          built.prepared().kernelVersion(),
          built.prepared().changes().size());
      out.flush();
    }
    return 0;
  }
}
