package dev.slipway.controller.source;

import dev.slipway.image.Image;
import dev.slipway.image.LocalImages;
import java.nio.file.Path;

/** Opens images, wherever their references lead. */
public final class Sources {
  private final DockerEngine engine;

  /**
   * Sources that spool what the Docker Engine sends into this directory; the file goes when its
   * image is closed.
   */
  public Sources(Path workDirectory) {
    this.engine = DockerEngine.ofEnvironment(workDirectory);
  }

  /**
   * Opens an image.
   *
   * @throws dev.slipway.linux.OperatorError when it is not there or cannot be read, with what to do
   */
  public Image open(ImageReference reference) {
    return reference.transport() == ImageReference.Transport.DOCKER_DAEMON
        ? engine.open(reference)
        : LocalImages.open(reference.toString());
  }
}
