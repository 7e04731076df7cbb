package dev.slipway.controller.source.engine;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.slipway.image.Image;
import dev.slipway.image.SpooledImage;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The images of a Docker Engine, or of Podman by the same API. It reads them by {@code save}, never
 * by {@code export} of a container: a container's tree has lost capabilities, xattrs and times.
 */
public final class DockerEngine {
  private static final Duration PATIENCE_TO_CONNECT = Duration.ofSeconds(10);
  private static final String HOST_VARIABLE = "DOCKER_HOST";
  private static final URI USUAL_HOST = URI.create("unix:///var/run/docker.sock");

  private final DockerClientConfig configuration;
  private final WorkSpace space;

  /** Where it is, for messages; of one that is nowhere all the places where it was looked for. */
  private final String place;

  private DockerEngine(DockerClientConfig configuration, WorkSpace space) {
    this(configuration, space, configuration.getDockerHost().toString());
  }

  private DockerEngine(DockerClientConfig configuration, WorkSpace space, String place) {
    this.configuration = configuration;
    this.space = space;
    this.place = place;
  }

  /**
   * The engine that the docker command would use, with DOCKER_HOST and its companions; Podman's
   * when nothing leads elsewhere and no Docker listens.
   *
   * @param space where images are kept while they are read
   */
  public static DockerEngine ofEnvironment(WorkSpace space) {
    DockerClientConfig usual = DefaultDockerClientConfig.createDefaultConfigBuilder().build();
    Map<String, String> environment = System.getenv();
    return environment.containsKey(HOST_VARIABLE) || !usual.getDockerHost().equals(USUAL_HOST)
        ? new DockerEngine(usual, space)
        : atOneOf(EngineSocket.places(environment, Path.of("/")), space);
  }

  /**
   * The engine at the first of these sockets where one listens.
   *
   * @param sockets at least one
   */
  static DockerEngine atOneOf(List<Path> sockets, WorkSpace space) {
    return EngineSocket.listening(sockets)
        .map(socket -> at("unix://" + socket, space))
        .orElseGet(
            () ->
                new DockerEngine(
                    configuration("unix://" + sockets.get(0)),
                    space,
                    sockets.stream()
                        .map(socket -> "unix://" + socket)
                        .collect(Collectors.joining(" or "))));
  }

  /** The engine at an address such as {@code unix:///run/docker.sock}. */
  static DockerEngine at(String host, WorkSpace space) {
    return new DockerEngine(configuration(host), space);
  }

  private static DockerClientConfig configuration(String host) {
    return DefaultDockerClientConfig.createDefaultConfigBuilder().withDockerHost(host).build();
  }

  /**
   * Opens an image that the engine has. It is copied into the work directory, into a file without a
   * name.
   *
   * @param name with tag or digest, or the image's id
   * @throws OperatorError when there is no engine, it does not have the image, or the image cannot
   *     be read
   */
  public Image open(String name) {
    try (DockerClient client = connect()) {
      InspectImageResponse found = inspect(client, name);
      refuseOtherPlatforms(
          "The image " + name, found, "Get that one: docker pull --platform linux/amd64 " + name);
      return copy(client, found, "docker-daemon:" + name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Builds an image from a Dockerfile and opens it as {@link #open} does. The engine keeps it
   * without a name, for the next build to begin from.
   *
   * @param directory with the Dockerfile and what it copies
   * @param progress takes each line that the build says
   * @throws OperatorError when there is nothing to build, or building fails
   */
  public Image build(Path directory, BuildOptions options, Consumer<String> progress) {
    DockerfileBuild build = DockerfileBuild.in(directory, options);
    try (DockerClient client = connect()) {
      InspectImageResponse built = inspect(client, build.run(client, progress));
      refuseOtherPlatforms(
          build.reference(), built, "Begin its Dockerfile with FROM --platform=linux/amd64");
      return copy(client, built, build.reference());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private DockerClient connect() {
    DockerClient client =
        DockerClientImpl.getInstance(
            configuration,
            new ZerodepDockerHttpClient.Builder()
                .dockerHost(configuration.getDockerHost())
                .sslConfig(configuration.getSSLConfig())
                .connectionTimeout(PATIENCE_TO_CONNECT)
                .build());
    try {
      client.pingCmd().exec();
      return client;
    } catch (RuntimeException e) {
      closeQuietly(client);
      throw new OperatorError(
          "No Docker Engine answers at "
              + place
              + " ("
              + EngineWords.of(e)
              + "). Start it (systemctl start docker, or podman.socket for Podman), name another one in"
              + " DOCKER_HOST, or give the image from elsewhere: docker://, docker-archive:, oci:,"
              + " oci-archive: or rootfs:.",
          e);
    }
  }

  private InspectImageResponse inspect(DockerClient client, String name) {
    try {
      return client.inspectImageCmd(name).exec();
    } catch (NotFoundException e) {
      throw new OperatorError(
          "The Docker Engine at "
              + configuration.getDockerHost()
              + " has no image "
              + name
              + ". See docker images for those it has; docker pull or docker build brings it there.",
          e);
    } catch (DockerException e) {
      throw failed("The image " + name, e);
    }
  }

  private static void refuseOtherPlatforms(String what, InspectImageResponse found, String wayOut) {
    if (!"linux".equals(found.getOs()) || !"amd64".equals(found.getArch())) {
      throw new OperatorError(
          what
              + " is for "
              + found.getOs()
              + "/"
              + found.getArch()
              + "; Slipway boots linux/amd64 only. "
              + wayOut
              + ".");
    }
  }

  private Image copy(DockerClient client, InspectImageResponse found, String reference) {
    try (WorkSpace.Room room =
        space.promise(reference, Optional.ofNullable(found.getSize()).orElse(0L))) {
      return StoppableReading.of(
          reference, () -> copy(client, found.getId(), reference, room), client);
    }
  }

  private Image copy(DockerClient client, String id, String reference, WorkSpace.Room room) {
    try (InputStream archive = client.saveImageCmd(id).exec()) {
      return SpooledImage.of(reference, archive, space.directory());
    } catch (DockerException e) {
      throw failed(reference, e);
    } catch (IOException e) {
      throw room.failed(e);
    }
  }

  private OperatorError failed(String what, DockerException cause) {
    return new OperatorError(
        "The Docker Engine at "
            + configuration.getDockerHost()
            + " did not give "
            + what
            + ": "
            + OperatorError.withoutFinalStop(EngineWords.of(cause))
            + ". See the Engine's log for why.",
        cause);
  }

  private static void closeQuietly(DockerClient client) {
    try {
      client.close();
    } catch (IOException e) {
      // The connection failed already, which is what the caller is told.
    }
  }
}
