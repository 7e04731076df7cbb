package dev.slipway.controller.cli;

import dev.slipway.controller.goldendisk.Cancellation;
import dev.slipway.controller.osimage.InitrdSource;
import dev.slipway.controller.osimage.OsImagePreparation;
import dev.slipway.controller.osimage.PreparationOptions;
import dev.slipway.controller.registry.ReleaseBuilder;
import dev.slipway.controller.registry.ReleaseBuilder.Built;
import dev.slipway.controller.source.ImageReference;
import dev.slipway.controller.source.Sources;
import dev.slipway.filesystem.FileSystemKind;
import dev.slipway.image.Image;
import dev.slipway.linux.OperatorError;
import dev.slipway.release.ReleaseName;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What every command takes that prepares an image to boot: the image, and how. */
final class PreparationChoice {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Parameters(
      paramLabel = "IMAGE",
      description =
          "docker-daemon:NAME, docker-archive:FILE, oci:DIR, oci-archive:FILE, rootfs:FILE")
  private String image;

  @Option(
      names = "--initrd",
      paramLabel = "SOURCE",
      defaultValue = "dracut",
      description = "dracut makes the initrd; keep takes the image's own (${DEFAULT-VALUE}).")
  private InitrdSource initrd;

  @Option(
      names = "--filesystem",
      paramLabel = "KIND",
      split = ",",
      defaultValue = "xfs,ext4",
      description = "What slots it has to boot from (${DEFAULT-VALUE}).")
  private Set<String> fileSystems;

  @Option(names = "--no-agent", description = "Leave the agent out: the image brings its own.")
  private boolean noAgent;

  @Option(
      names = "--work",
      paramLabel = "DIR",
      defaultValue = "/var/tmp",
      description = "Where there is room to unpack and pack it (${DEFAULT-VALUE}).")
  private Path work;

  /**
   * What was chosen, ready to begin.
   *
   * @throws OperatorError for what can be refused before anything is opened or written
   */
  Preparation preparation() {
    for (String kind : fileSystems) {
      if (FileSystemKind.of(kind).isEmpty()) {
        throw new OperatorError("'" + kind + "' is no file system for slots: use xfs or ext4.");
      }
    }
    return new Preparation(
        ImageReference.parse(image),
        Installation.ofThisProgram().preparation(initrd, fileSystems, !noAgent));
  }

  /** The long work, and what becomes of its result. */
  final class Preparation {
    private final ImageReference reference;
    private final PreparationOptions options;

    private Preparation(ImageReference reference, PreparationOptions options) {
      this.reference = reference;
      this.options = options;
    }

    /**
     * Prepares the image. What that makes is gone when this returns, and on Ctrl-C.
     *
     * @param release what the image becomes; empty for one that is no release
     * @param use does something with the result and says so
     */
    void run(Optional<ReleaseName> release, BiConsumer<Built, PrintWriter> use) {
      PrintWriter out = command.commandLine().getOut();
      out.println("Preparing " + image + " to boot ...");
      out.flush();
      try (Cancellation cancellation = Cancellation.onSignals(command.commandLine().getErr());
          Image opened = new Sources(work).open(reference);
          Built built =
              new ReleaseBuilder(new OsImagePreparation(), work)
                  .build(cancellation.guard(opened), release, options)) {
        use.accept(built, out);
        out.flush();
      }
    }
  }
}
