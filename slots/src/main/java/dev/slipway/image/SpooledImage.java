package dev.slipway.image;

import dev.slipway.tree.TreeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * Images that come as a stream and are kept until they are closed. Their layers come in any order
 * and before what says their order, so they cannot be applied as they come.
 */
public final class SpooledImage {
  private SpooledImage() {}

  /**
   * Reads what {@code docker save} writes of one image.
   *
   * @param reference what messages call it
   * @param archive is not closed
   * @param directory where the image is kept, in a file that has no name; as large as the image at
   *     most, and about half of that as a rule
   * @throws ImageException when the archive is cut off, is none, or the image is not for
   *     linux/amd64
   * @throws IOException when the image cannot be kept there
   */
  public static Image of(String reference, InputStream archive, Path directory) throws IOException {
    SpooledFiles files;
    try {
      files = SpooledFiles.of(archive, directory);
    } catch (TreeException e) {
      throw new ImageException(reference + " cannot be read: " + e.getMessage(), e);
    }
    try {
      Image image = DockerArchive.open(reference, files, new Selection.Only());
      return new ForwardingImage(image, Layer::open, files::close);
    } catch (RuntimeException e) {
      files.close();
      throw e;
    }
  }
}
