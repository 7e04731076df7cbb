package dev.slipway.controller.source;

import dev.slipway.linux.OperatorError;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Names an image, in the manner of containers-transports(5): {@code docker-daemon:NAME[:TAG]},
 * {@code docker-archive:PATH[:NAME:TAG]}, {@code oci:DIRECTORY[:TAG]}, {@code
 * oci-archive:PATH[:TAG]}, and Slipway's own {@code rootfs:PATH} (a tar or a directory). A bare
 * {@code NAME[:TAG]} is an image of the Docker Engine, as it is for {@code docker run}.
 *
 * @param transport how it is reached
 * @param location what stands after the transport's colon; for the Engine with the tag written out
 */
public record ImageReference(Transport transport, String location) {

  /** The ways to an image that Slipway knows. */
  public enum Transport {
    DOCKER_DAEMON("docker-daemon"),
    DOCKER_ARCHIVE("docker-archive"),
    OCI("oci"),
    OCI_ARCHIVE("oci-archive"),
    ROOTFS("rootfs");

    private final String prefix;

    Transport(String prefix) {
      this.prefix = prefix;
    }

    private static Optional<Transport> named(String prefix) {
      return Arrays.stream(values()).filter(value -> value.prefix.equals(prefix)).findFirst();
    }
  }

  /**
   * The distribution project's grammar (distribution/reference): an optional host with port, path
   * parts in lower case, then a tag, a digest, or both.
   */
  private static final Pattern ENGINE_NAME =
      Pattern.compile(
          "(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::[0-9]+)?/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*"
              + "(?<tag>:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?<digest>@sha256:[0-9a-f]{64})?");

  private static final Pattern IMAGE_ID = Pattern.compile("sha256:[0-9a-f]{64}");

  /**
   * Reads a reference as an operator writes it.
   *
   * @throws OperatorError when it is none, or names a way that Slipway does not go
   */
  public static ImageReference parse(String text) {
    int colon = text.indexOf(':');
    String prefix = colon < 0 ? "" : text.substring(0, colon);
    refuseUnsupported(prefix, text);
    Optional<Transport> transport = Transport.named(prefix);
    if (transport.isEmpty()) {
      return ofEngine(text, text);
    }
    String location = text.substring(colon + 1);
    if (location.isEmpty()) {
      throw new OperatorError(
          "Nothing stands after the colon in the image reference " + text + ".");
    }
    return transport.get() == Transport.DOCKER_DAEMON
        ? ofEngine(location, text)
        : new ImageReference(transport.get(), location);
  }

  private static void refuseUnsupported(String prefix, String text) {
    switch (prefix) {
      case "docker" ->
          throw new OperatorError(
              text
                  + " names an image in a registry, and Slipway does not pull from registries yet. Pull"
                  + " it (docker pull) and name it as docker-daemon:NAME, or copy it to a file (skopeo"
                  + " copy "
                  + text
                  + " oci-archive:FILE).");
      case "dockerfile" ->
          throw new OperatorError(
              text
                  + " names a Dockerfile, and Slipway does not build images yet. Build it (docker build"
                  + " -t NAME .) and name it as docker-daemon:NAME.");
      case "containers-storage", "dir", "ostree", "sif", "docker-tar" ->
          throw new OperatorError(
              "Slipway does not read images through "
                  + prefix
                  + ":. It knows docker-daemon:, docker-archive:, oci:, oci-archive: and rootfs:;"
                  + " skopeo copy turns the one into the other.");
      default -> {
        // A transport that is known, or a bare name.
      }
    }
  }

  private static ImageReference ofEngine(String name, String text) {
    if (IMAGE_ID.matcher(name).matches()) {
      return new ImageReference(Transport.DOCKER_DAEMON, name);
    }
    var matcher = ENGINE_NAME.matcher(name);
    if (!matcher.matches()) {
      throw new OperatorError(
          text
              + " is no image reference. Write NAME[:TAG] of an image in the Docker Engine, or"
              + " docker-archive:PATH, oci:DIRECTORY, oci-archive:PATH or rootfs:PATH.");
    }
    boolean exact = matcher.group("tag") != null || matcher.group("digest") != null;
    return new ImageReference(Transport.DOCKER_DAEMON, exact ? name : name + ":latest");
  }

  /** As it can be parsed again. */
  @Override
  public String toString() {
    return transport.prefix + ":" + location;
  }
}
