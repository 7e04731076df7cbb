package dev.slipway.image;

import dev.slipway.tree.Digest;
import dev.slipway.tree.TreeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * An image that came as a stream, kept until this is closed. Its layers come in any order and
 * before what says their order, so they cannot be applied as they come.
 */
public final class SpooledImage implements Image {
  private final SpooledFiles files;
  private final Image image;

  private SpooledImage(SpooledFiles files, Image image) {
    this.files = files;
    this.image = image;
  }

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
      return new SpooledImage(files, DockerArchive.open(reference, files, Optional.empty()));
    } catch (RuntimeException e) {
      files.close();
      throw e;
    }
  }

  @Override
  public String reference() {
    return image.reference();
  }

  @Override
  public Digest digest() {
    return image.digest();
  }

  @Override
  public ImageConfig config() {
    return image.config();
  }

  @Override
  public List<Layer> layers() {
    return image.layers();
  }

  @Override
  public void close() {
    files.close();
  }
}
