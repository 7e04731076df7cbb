package dev.slipway.controller.source;

import dev.slipway.controller.source.engine.DockerEngine;
import dev.slipway.controller.source.engine.WorkSpace;
import dev.slipway.controller.source.registry.Registries;
import dev.slipway.image.Image;
import dev.slipway.image.LocalImages;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Consumer;

/** Opens images, wherever their references lead. */
public final class Sources {
  private final WorkSpace space;
  private final Set<String> plainHttp;
  private final Consumer<String> progress;

  /**
   * @param workDirectory where what the Docker Engine sends is kept until its image is closed
   * @param plainHttp registries, as HOST or HOST:PORT, that may be spoken to by plain HTTP; those
   *     of this machine may be anyway
   * @param progress takes each line that is said while an image is built
   */
  public Sources(Path workDirectory, Set<String> plainHttp, Consumer<String> progress) {
    this.space = new WorkSpace(workDirectory);
    this.plainHttp = Set.copyOf(plainHttp);
    this.progress = progress;
  }

  /**
   * Opens an image.
   *
   * @throws dev.slipway.linux.OperatorError when it is not there or cannot be read, with what to do
   */
  public Image open(ImageReference reference) {
    return switch (reference.transport()) {
      case DOCKER_DAEMON -> engine().open(reference.location());
      case DOCKERFILE -> engine().build(Path.of(reference.location()), reference.build(), progress);
      case DOCKER -> Registries.ofEnvironment(plainHttp).open(reference.inRegistry());
      case DOCKER_ARCHIVE, OCI, OCI_ARCHIVE, ROOTFS -> LocalImages.open(reference.toString());
    };
  }

  /** Only for those who want it: an engine's configuration may be broken. */
  private DockerEngine engine() {
    return DockerEngine.ofEnvironment(space);
  }
}
