package dev.slipway.controller.source;

import dev.slipway.controller.source.engine.BuildOptions;
import dev.slipway.controller.source.registry.RegistryReference;
import dev.slipway.linux.OperatorError;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Names an image, in the manner of containers-transports(5): {@code docker-daemon:NAME[:TAG]},
 * {@code docker://[HOST/]NAME[:TAG][@DIGEST]}, {@code docker-archive:PATH[:NAME:TAG]}, {@code
 * oci:DIRECTORY[:TAG]}, {@code oci-archive:PATH[:TAG]}, and Slipway's own {@code rootfs:PATH} (a
 * tar or a directory) and {@code dockerfile:DIRECTORY} (built by the Engine). A bare {@code
 * NAME[:TAG]} is an image of the Docker Engine, as it is for {@code docker run}.
 *
 * @param transport how it is reached
 * @param location what stands after the transport's colon; for the Engine and a registry with the
 *     tag written out; in a file with several images, {@code :@INDEX} stands for one by its place
 * @param build of an image that is built from a Dockerfile: what is said about that
 */
public record ImageReference(Transport transport, String location, BuildOptions build) {

  /** The ways to an image that Slipway knows. */
  public enum Transport {
    DOCKER_DAEMON("docker-daemon"),
    DOCKER("docker"),
    DOCKER_ARCHIVE("docker-archive"),
    OCI("oci"),
    OCI_ARCHIVE("oci-archive"),
    ROOTFS("rootfs"),
    DOCKERFILE("dockerfile");

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

  private static final String REGISTRY = "//";
  private static final Pattern IMAGE_ID = Pattern.compile("sha256:[0-9a-f]{64}");

  /** An image about whose build nothing is said. */
  public ImageReference(Transport transport, String location) {
    this(transport, location, BuildOptions.NONE);
  }

  /**
   * Reads a reference as an operator writes it.
   *
   * @throws OperatorError when it is none, or names a way that Slipway does not go
   */
  public static ImageReference parse(String text) {
    int colon = text.indexOf(':');
    String prefix = colon < 0 ? "" : text.substring(0, colon);
    refuseUnsupported(prefix);
    Optional<Transport> transport = Transport.named(prefix);
    if (transport.isEmpty()) {
      return ofEngine(text, text);
    }
    String location = text.substring(colon + 1);
    if (location.isEmpty()) {
      throw new OperatorError(
          "Nothing stands after the colon in the image reference " + text + ".");
    }
    return switch (transport.get()) {
      case DOCKER_DAEMON -> ofEngine(location, text);
      case DOCKER -> ofRegistry(location, text);
      case DOCKER_ARCHIVE, OCI, OCI_ARCHIVE, ROOTFS, DOCKERFILE ->
          new ImageReference(transport.get(), location);
    };
  }

  private static void refuseUnsupported(String prefix) {
    switch (prefix) {
      case "containers-storage", "dir", "ostree", "sif", "docker-tar" ->
          throw new OperatorError(
              "Slipway does not read images through "
                  + prefix
                  + ":. It knows docker-daemon:, docker://, docker-archive:, oci:, oci-archive:, rootfs:"
                  + " and dockerfile:;"
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
              + " docker://NAME[:TAG] of one in a registry, docker-archive:PATH, oci:DIRECTORY, oci-archive:PATH, rootfs:PATH or dockerfile:DIRECTORY.");
    }
    boolean exact = matcher.group("tag") != null || matcher.group("digest") != null;
    return new ImageReference(Transport.DOCKER_DAEMON, exact ? name : name + ":latest");
  }

  private static ImageReference ofRegistry(String location, String text) {
    if (!location.startsWith(REGISTRY)) {
      throw new OperatorError(
          text
              + " lacks the two slashes of an image in a registry: write docker://"
              + location
              + ", or, for an image of the Docker Engine whose name is docker, docker-daemon:"
              + text
              + ".");
    }
    return new ImageReference(
        Transport.DOCKER,
        REGISTRY + RegistryReference.parse(location.substring(REGISTRY.length())));
  }

  /** Of an image in a registry: where it is there. */
  RegistryReference inRegistry() {
    return RegistryReference.parse(location.substring(REGISTRY.length()));
  }

  /**
   * The same image, built so.
   *
   * @throws OperatorError when something is said about the build of an image that is not built
   */
  public ImageReference built(BuildOptions options) {
    if (transport != Transport.DOCKERFILE && !options.equals(BuildOptions.NONE)) {
      throw new OperatorError(
          this
              + " is not built from a Dockerfile, so it takes no build arguments, target or"
              + " Dockerfile. Leave them out, or name a directory as dockerfile:DIRECTORY.");
    }
    return new ImageReference(transport, location, options);
  }

  /** The same image, its path counted from this directory when it is a path. */
  public ImageReference from(Path directory) {
    return switch (transport) {
      case DOCKER_DAEMON, DOCKER -> this;
      case DOCKER_ARCHIVE, OCI, OCI_ARCHIVE, ROOTFS, DOCKERFILE ->
          new ImageReference(transport, directory.resolve(location).normalize().toString(), build);
    };
  }

  /** As it can be parsed again, without what is said about its build. */
  @Override
  public String toString() {
    return transport.prefix + ":" + location;
  }
}
