package dev.slipway.image;

import dev.slipway.json.JsonObject;
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

  /** Keeps its own copies. */
  public ImageConfig {
    environment = List.copyOf(environment);
    entrypoint = List.copyOf(entrypoint);
    command = List.copyOf(command);
    labels = Map.copyOf(labels);
  }

  /**
   * Reads an image configuration document.
   *
   * @throws dev.slipway.json.JsonException when it is none
   */
  public static ImageConfig parse(JsonObject document) {
    JsonObject config = document.optionalObject("config").orElse(JsonObject.EMPTY);
    return new ImageConfig(
        document.string("architecture"),
        document.string("os"),
        config.strings("Env"),
        config.strings("Entrypoint"),
        config.strings("Cmd"),
        text(config, "WorkingDir"),
        text(config, "User"),
        text(config, "StopSignal"),
        config.stringMap("Labels"));
  }

  // Docker writes what is not set as an empty string.
  private static Optional<String> text(JsonObject config, String key) {
    return config.optionalString(key).filter(value -> !value.isEmpty());
  }
}
