package dev.slipway.controller.cli;

import dev.slipway.controller.goldendisk.Cancellation;
import dev.slipway.controller.osimage.OsImagePreparation;
import dev.slipway.controller.osimage.PreparationOptions;
import dev.slipway.controller.registry.ReleaseBuilder;
import dev.slipway.controller.registry.ReleaseBuilder.Built;
import dev.slipway.controller.source.ImageReference;
import dev.slipway.controller.source.Sources;
import dev.slipway.image.Image;
import dev.slipway.linux.OperatorError;
import dev.slipway.release.ReleaseName;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.function.BiConsumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What every command takes that prepares an image to boot: the image, and how. */
final class PreparationChoice {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Mixin private ImageChoice image;

  @Option(names = "--no-agent", description = "Leave the agent out: the image brings its own.")
  private boolean noAgent;

  @Mixin private CheckOptions checks;

  /**
   * What was chosen, ready to begin.
   *
   * @throws OperatorError for what can be refused before anything is opened or written
   */
  Preparation preparation() {
    return new Preparation(
        image.reference(),
        Installation.ofThisProgram()
            .preparation(
                image.initrd(), image.kernel(), image.fileSystems(), !noAgent, checks.choice()));
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
      out.println("Preparing " + image.text() + " to boot ...");
      out.flush();
      Sources sources = image.sources(command.commandLine().getErr()::println);
      try (Cancellation cancellation = Cancellation.onSignals(command.commandLine().getErr());
          Image opened = cancellation.guard(() -> sources.open(reference));
          Built built =
              new ReleaseBuilder(new OsImagePreparation(), image.work())
                  .build(opened, release, options)) {
        use.accept(built, out);
        out.flush();
      }
    }
  }
}
