package dev.slipway.controller.source;

import dev.slipway.controller.source.registry.Registries;
import dev.slipway.image.Image;
import dev.slipway.image.LocalImages;
import java.nio.file.Path;
import java.util.Set;

/** Opens images, wherever their references lead. */
public final class Sources {
  private final DockerEngine engine;
  private final Set<String> plainHttp;

  /**
   * @param workDirectory where what the Docker Engine sends is spooled; the file goes when its
   *     image is closed
   * @param plainHttp registries, as HOST or HOST:PORT, that may be spoken to by plain HTTP; those
   *     of this machine may be anyway
   */
  public Sources(Path workDirectory, Set<String> plainHttp) {
    this.engine = DockerEngine.ofEnvironment(workDirectory);
    this.plainHttp = Set.copyOf(plainHttp);
  }

  /**
   * Opens an image.
   *
   * @throws dev.slipway.linux.OperatorError when it is not there or cannot be read, with what to do
   */
  public Image open(ImageReference reference) {
    return switch (reference.transport()) {
      case DOCKER_DAEMON -> engine.open(reference);
      case DOCKER -> Registries.ofEnvironment(plainHttp).open(reference.inRegistry());
      case DOCKER_ARCHIVE, OCI, OCI_ARCHIVE, ROOTFS -> LocalImages.open(reference.toString());
    };
  }
}
