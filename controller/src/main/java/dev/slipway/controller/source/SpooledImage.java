package dev.slipway.controller.source;

import dev.slipway.image.Image;
import dev.slipway.image.ImageConfig;
import dev.slipway.image.Layer;
import dev.slipway.image.LocalImages;
import dev.slipway.tree.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** An image in a file of its own, made for it and deleted with it. */
final class SpooledImage implements Image {
  private final ImageReference reference;
  private final Path file;
  private final Image archive;

  /** Takes over the file, a {@code docker save} archive with one image. */
  SpooledImage(ImageReference reference, Path file) {
    this.reference = reference;
    this.file = file;
    try {
      this.archive = LocalImages.open("docker-archive:" + file);
    } catch (RuntimeException e) {
      delete();
      throw e;
    }
  }

  @Override
  public String reference() {
    return reference.toString();
  }

  @Override
  public Digest digest() {
    return archive.digest();
  }

  @Override
  public ImageConfig config() {
    return archive.config();
  }

  @Override
  public List<Layer> layers() {
    return archive.layers();
  }

  @Override
  public void close() {
    archive.close();
    delete();
  }

  private void delete() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
