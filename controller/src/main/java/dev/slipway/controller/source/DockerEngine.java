package dev.slipway.controller.source;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.slipway.image.Image;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;

/**
 * The images of a Docker Engine. It reads them by {@code save}, never by {@code export} of a
 * container: a container's tree has lost capabilities, xattrs and times.
 */
final class DockerEngine {
  private static final Duration PATIENCE_TO_CONNECT = Duration.ofSeconds(10);

  private final DockerClientConfig configuration;
  private final Path workDirectory;

  private DockerEngine(DockerClientConfig configuration, Path workDirectory) {
    this.configuration = configuration;
    this.workDirectory = workDirectory;
  }

  /** The Engine that the docker command would use: DOCKER_HOST and its companions are honoured. */
  static DockerEngine ofEnvironment(Path workDirectory) {
    return new DockerEngine(
        DefaultDockerClientConfig.createDefaultConfigBuilder().build(), workDirectory);
  }

  /** The Engine at an address such as {@code unix:///run/docker.sock}. */
  static DockerEngine at(String host, Path workDirectory) {
    return new DockerEngine(
        DefaultDockerClientConfig.createDefaultConfigBuilder().withDockerHost(host).build(),
        workDirectory);
  }

  /** Opens an image by a copy in the work directory, which goes when the image is closed. */
  Image open(ImageReference reference) {
    try (DockerClient client = connect()) {
      InspectImageResponse found = inspect(client, reference);
      refuseOtherPlatforms(reference, found);
      return new SpooledImage(reference, spool(client, found.getId(), reference));
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
              + configuration.getDockerHost()
              + " ("
              + rootCause(e)
              + "). Start it (systemctl start docker), name another one in DOCKER_HOST, or give the"
              + " image from elsewhere: docker://, docker-archive:, oci:, oci-archive: or rootfs:.",
          e);
    }
  }

  private InspectImageResponse inspect(DockerClient client, ImageReference reference) {
    try {
      return client.inspectImageCmd(reference.location()).exec();
    } catch (NotFoundException e) {
      throw new OperatorError(
          "The Docker Engine at "
              + configuration.getDockerHost()
              + " has no image "
              + reference.location()
              + ". See docker images for those it has; docker pull or docker build brings it there.",
          e);
    } catch (DockerException e) {
      throw failed(reference, e);
    }
  }

  private static void refuseOtherPlatforms(ImageReference reference, InspectImageResponse found) {
    if (!"linux".equals(found.getOs()) || !"amd64".equals(found.getArch())) {
      throw new OperatorError(
          "The image "
              + reference.location()
              + " is for "
              + found.getOs()
              + "/"
              + found.getArch()
              + "; Slipway boots linux/amd64 only. Get that one: docker pull --platform linux/amd64 "
              + reference.location()
              + ".");
    }
  }

  private Path spool(DockerClient client, String id, ImageReference reference) throws IOException {
    Path file = Files.createTempFile(workDirectory, "image-", ".tar");
    boolean complete = false;
    try (InputStream archive = client.saveImageCmd(id).exec()) {
      Files.copy(archive, file, StandardCopyOption.REPLACE_EXISTING);
      complete = true;
      return file;
    } catch (DockerException e) {
      throw failed(reference, e);
    } catch (IOException e) {
      throw new OperatorError(
          "Copying the image "
              + reference.location()
              + " from the Docker Engine into "
              + workDirectory
              + " failed: "
              + e.getMessage()
              + ". It needs as much space there as docker images says the image has.",
          e);
    } finally {
      if (!complete) {
        Files.deleteIfExists(file);
      }
    }
  }

  private OperatorError failed(ImageReference reference, DockerException cause) {
    return new OperatorError(
        "The Docker Engine at "
            + configuration.getDockerHost()
            + " did not give the image "
            + reference.location()
            + ": "
            + cause.getMessage(),
        cause);
  }

  private static String rootCause(Throwable error) {
    Throwable cause = error;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  private static void closeQuietly(DockerClient client) {
    try {
      client.close();
    } catch (IOException e) {
      // The connection failed already, which is what the caller is told.
    }
  }
}
