package dev.slipway.image;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An image's configuration, as far as an operating system has use for it (OCI image-spec,
 * config.md).
 *
 * @param environment lines {@code NAME=value}
 * @param user as written: name or number, optionally with a group after a colon
 */
public record ImageConfig(
    String architecture,
    String os,
    List<String> environment,
    List<String> entrypoint,
    List<String> command,
    Optional<String> workingDirectory,
    Optional<String> user,
    Optional<String> stopSignal,
    Map<String, String> labels) {
  /** Of a bare root file system: nothing is said. */
  public static final ImageConfig NONE =
      new ImageConfig(
          "amd64",
          "linux",
          List.of(),
          List.of(),
          List.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Map.of());
}
