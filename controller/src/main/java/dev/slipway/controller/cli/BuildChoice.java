package dev.slipway.controller.cli;

import dev.slipway.controller.source.engine.BuildOptions;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How an image is built whose reference names a Dockerfile. */
final class BuildChoice {
  @Option(
      names = "--build-arg",
      paramLabel = "NAME=VALUE",
      description = "Of dockerfile:DIR: a value for an ARG; may be given several times.")
  private Map<String, String> arguments = Map.of();

  @Option(
      names = "--target",
      paramLabel = "STAGE",
      description = "Of dockerfile:DIR: the stage that becomes the image, if it is not the last.")
  private Optional<String> target = Optional.empty();

  @Option(
      names = "--dockerfile",
      paramLabel = "PATH",
      description = "Of dockerfile:DIR: the Dockerfile's path in DIR, if it is not Dockerfile.")
  private Optional<String> dockerfile = Optional.empty();

  BuildOptions options() {
    return new BuildOptions(arguments, target, dockerfile);
  }
}
