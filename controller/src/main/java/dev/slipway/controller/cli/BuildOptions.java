package dev.slipway.controller.cli;

import dev.slipway.controller.goldendisk.DiskBuilder;
import dev.slipway.controller.goldendisk.DiskDescription;
import dev.slipway.controller.osimage.SourceDateEpoch;
import dev.slipway.controller.progress.ProgressView;
import dev.slipway.controller.source.Sources;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import picocli.CommandLine.Mixin;

/** How a disk is built, wherever it goes. */
final class BuildOptions {
  @Mixin private CheckOptions checks;
  @Mixin private SourceOptions images;
  @Mixin private ProgressOption progress;

  /** Where images are kept and unpacked meanwhile. */
  Path work() {
    return images.work();
  }

  /** What builds that disk; it is told of on {@code err}. */
  DiskBuilder builder(DiskDescription disk, PrintWriter err) {
    Installation installation = Installation.ofThisProgram();
    ProgressView view = progress.view(err);
    Sources sources = images.sources(view::said);
    return new DiskBuilder(
        disk,
        sources::open,
        content ->
            installation
                .preparation(
                    content.initrd(),
                    content.kernel(),
                    Set.of(content.fileSystem().token()),
                    content.agent(),
                    checks.choice().without(content.checksOff()))
                .onDiskWith(disk.kernelArguments()),
        installation.grubScript(),
        err,
        view,
        SourceDateEpoch.in(System.getenv(), Instant.now()));
  }
}
