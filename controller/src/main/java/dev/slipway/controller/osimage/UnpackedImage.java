package dev.slipway.controller.osimage;

import dev.slipway.image.Image;
import dev.slipway.image.LayerStack;
import dev.slipway.linux.Command;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An image's tree in a directory of its own, gone when this is closed.
 *
 * @param root the tree
 */
public record UnpackedImage(Path root) implements AutoCloseable {
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
    UnpackedImage unpacked = new UnpackedImage(newDirectory(workDirectory));
    try {
      LayerStack.unpack(image, unpacked.root());
      return unpacked;
    } catch (RuntimeException e) {
      unpacked.close();
      throw e;
    }
  }

  private static Path newDirectory(Path workDirectory) {
    try {
      return Files.createTempDirectory(Files.createDirectories(workDirectory), "slipway-image-");
    } catch (IOException e) {
      throw new OperatorError(
          "There is no working in " + workDirectory + ": " + e.getMessage() + ".", e);
    }
  }

  /** By rm, because names in a tree are bytes, and Java's paths cannot hold all of them. */
  @Override
  public void close() {
    Command.of("rm", "-rf", "--one-file-system", "--", root.toString()).run();
  }
}
