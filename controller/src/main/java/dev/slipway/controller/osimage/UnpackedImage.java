package dev.slipway.controller.osimage;

import dev.slipway.image.Image;
import dev.slipway.image.LayerStack;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** An image's tree in a directory that nobody else gets into, gone when this is closed. */
public final class UnpackedImage implements AutoCloseable {
  private final WorkDirectory directory;

  private UnpackedImage(WorkDirectory directory) {
    this.directory = directory;
  }

  /**
   * Unpacks an image.
   *
   * @param workDirectory where there is room for it, on a file system with owners and xattrs
   * @throws OperatorError when this is not root, or there is no working there
   */
  public static UnpackedImage of(Image image, Path workDirectory) {
    if (!"root".equals(System.getProperty("user.name"))) {
      throw new OperatorError(
          "Unpacking an operating system takes root: its files belong to many users. Run this as"
              + " root.");
    }
    UnpackedImage unpacked = new UnpackedImage(WorkDirectory.in(workDirectory, "slipway-image-"));
    try {
      LayerStack.unpack(image, Files.createDirectory(unpacked.root()));
      return unpacked;
    } catch (IOException e) {
      unpacked.close();
      throw new UncheckedIOException(e);
    } catch (RuntimeException | Error e) {
      unpacked.close();
      throw e;
    }
  }

  /** The tree. */
  public Path root() {
    return directory.path().resolve("tree");
  }

  @Override
  public void close() {
    directory.close();
  }
}
