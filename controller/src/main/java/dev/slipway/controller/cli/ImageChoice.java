package dev.slipway.controller.cli;

import dev.slipway.controller.osimage.InitrdSource;
import dev.slipway.controller.osimage.KernelChoice;
import dev.slipway.controller.source.ImageReference;
import dev.slipway.controller.source.Sources;
import dev.slipway.filesystem.FileSystemKind;
import dev.slipway.linux.OperatorError;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** An image that is to boot, and from what. */
final class ImageChoice {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Parameters(
      paramLabel = "IMAGE",
      description =
          "docker-daemon:NAME, docker://NAME, docker-archive:FILE, oci:DIR, oci-archive:FILE,"
              + " rootfs:FILE, dockerfile:DIR")
  private String image;

  @Option(
      names = "--initrd",
      paramLabel = "SOURCE",
      defaultValue = "make",
      description =
          "make has the image's own tool make the initrd; keep takes its /boot/slipway/initrd"
              + " (${DEFAULT-VALUE}).")
  private InitrdSource initrd;

  @Option(
      names = "--kernel",
      paramLabel = "VERSION",
      description =
          "Which of the image's kernels boots, by its whole version as in 6.1.0-31-amd64 (default:"
              + " the newest).")
  private Optional<String> kernel = Optional.empty();

  @Option(
      names = "--filesystem",
      paramLabel = "KIND",
      split = ",",
      defaultValue = "xfs,ext4",
      description = "What slots it has to boot from (${DEFAULT-VALUE}).")
  private Set<FileSystemKind> fileSystems;

  @Mixin private BuildChoice build;
  @Mixin private SourceOptions sources;

  /**
   * The image.
   *
   * @throws OperatorError when that is no reference
   */
  ImageReference reference() {
    return ImageReference.parse(image).built(build.options());
  }

  InitrdSource initrd() {
    return initrd;
  }

  /**
   * Which of its kernels boots.
   *
   * @throws ParameterException for what is no version, and beside an initrd that is kept
   */
  KernelChoice kernel() {
    if (kernel.isPresent() && initrd == InitrdSource.KEEP) {
      throw wrong(
          "--kernel has no meaning beside --initrd keep, with which the image's own"
              + " /boot/slipway/vmlinuz boots; leave one of them out.");
    }
    kernel
        .filter(version -> !KernelChoice.Pinned.isVersion(version))
        .ifPresent(
            version -> {
              throw wrong(
                  "--kernel is \""
                      + version
                      + "\", but a kernel is named by its whole version, as uname -r says it, such"
                      + " as 6.1.0-31-amd64.");
            });
    return kernel
        .<KernelChoice>map(version -> new KernelChoice.Pinned(version, "--kernel"))
        .orElse(KernelChoice.NEWEST);
  }

  private ParameterException wrong(String sentence) {
    return new ParameterException(command.commandLine(), sentence);
  }

  /** What it has to boot from, by their names in mount(8). */
  Set<String> fileSystems() {
    return fileSystems.stream().map(FileSystemKind::token).collect(Collectors.toSet());
  }

  /**
   * Where it may come from.
   *
   * @param progress takes each line that its building says
   */
  Sources sources(Consumer<String> progress) {
    return sources.sources(progress);
  }

  Path work() {
    return sources.work();
  }
}
