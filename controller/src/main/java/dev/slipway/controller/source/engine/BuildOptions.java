package dev.slipway.controller.source.engine;

import java.util.Map;
import java.util.Optional;

/**
 * What is said about a build beside its directory.
 *
 * @param arguments values for the Dockerfile's ARGs, by their names; they can be read in the
 *     image's history, so they are no place for secrets
 * @param target the stage that becomes the image; the last one without it
 * @param dockerfile the Dockerfile's path in the directory; {@code Dockerfile} without it
 */
public record BuildOptions(
    Map<String, String> arguments, Optional<String> target, Optional<String> dockerfile) {
  /** Nothing is said. */
  public static final BuildOptions NONE =
      new BuildOptions(Map.of(), Optional.empty(), Optional.empty());

  /** Keeps its own copy. */
  public BuildOptions {
    arguments = Map.copyOf(arguments);
  }
}
