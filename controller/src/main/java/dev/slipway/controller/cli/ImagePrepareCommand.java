package dev.slipway.controller.cli;

import dev.slipway.controller.goldendisk.PartialFile;
import dev.slipway.controller.registry.OciImageWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code controller image prepare}: from an image to a file that {@code agent flash} takes as it
 * is.
 */
@Command(
    name = "prepare",
    description = "Prepares an image to boot and writes it as an OCI archive.",
    footer = {
      "",
      "Needs root. A host takes the file by: agent flash SLOT oci-archive:FILE",
      "",
      "Examples:",
      "  controller image prepare docker-daemon:web:2 -o web-2.tar",
      "  controller image prepare oci:web -o web-2.tar --filesystem ext4"
    },
    mixinStandardHelpOptions = true)
final class ImagePrepareCommand implements Callable<Integer> {
  @Mixin private PreparationChoice choice;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      required = true,
      description = "Where the archive goes; it appears when it is whole.")
  private Path output;

  @Override
  public Integer call() {
    PartialFile.requirePossible(output);
    choice
        .preparation()
        .run(
            Optional.empty(),
            (built, steps) -> {
              steps.runCounted(
                  "write " + output,
                  OptionalLong.of(built.manifest().layer().size()),
                  step -> write(built.layout(), step));
              return "%s: %s, kernel %s, %s."
                  .formatted(
                      output,
                      built.digest(),
                      built.prepared().kernelVersion(),
                      built.prepared().changeCount());
            });
    return 0;
  }

  private void write(Path layout, LongConsumer packed) {
    try (PartialFile file = PartialFile.of(output)) {
      OciImageWriter.archive(layout, file.path(), output, packed);
      file.complete();
    }
  }
}
