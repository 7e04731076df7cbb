package dev.slipway.controller.cli;

import dev.slipway.controller.goldendisk.Cancellation;
import dev.slipway.controller.osimage.Finding;
import dev.slipway.controller.osimage.OsImagePreparation;
import dev.slipway.controller.osimage.PreparationOptions;
import dev.slipway.controller.progress.Progress;
import dev.slipway.controller.progress.ProgressView;
import dev.slipway.controller.registry.ReleaseBuilder;
import dev.slipway.controller.registry.ReleaseBuilder.Built;
import dev.slipway.controller.source.ImageReference;
import dev.slipway.controller.source.Sources;
import dev.slipway.image.Image;
import dev.slipway.linux.OperatorError;
import dev.slipway.release.ReleaseName;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
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
  @Mixin private ProgressOption progress;

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
     * @param use does something with the result, in steps, and gives the sentence that says so
     */
    void run(Optional<ReleaseName> release, BiFunction<Built, Progress, String> use) {
      PrintWriter err = command.commandLine().getErr();
      ProgressView view = progress.view(err);
      Sources sources = image.sources(view::said);
      String sentence;
      List<Finding> notes;
      try (Cancellation cancellation = Cancellation.onSignals(err);
          Progress steps = new Progress(view, cancellation::check);
          Image opened =
              steps.run(
                  "open " + reference, () -> cancellation.guard(() -> sources.open(reference)));
          Built built =
              new ReleaseBuilder(new OsImagePreparation(), image.work())
                  .build(opened, release, options, steps)) {
        sentence = use.apply(built, steps);
        notes = built.prepared().notes();
      }
      notes.forEach(note -> err.println(note.noteOn(reference.toString())));
      err.flush();
      PrintWriter out = command.commandLine().getOut();
      out.println(sentence);
      out.flush();
    }
  }
}
