package dev.slipway.controller.source.registry;

import dev.slipway.image.Blobs;
import dev.slipway.image.Descriptor;
import dev.slipway.image.Image;
import dev.slipway.image.ImageConfig;
import dev.slipway.image.ImageException;
import dev.slipway.image.Layer;
import dev.slipway.image.OciImage;
import dev.slipway.linux.OperatorError;
import dev.slipway.tree.Digest;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.List;
import java.util.function.Supplier;

/** An image in a registry, whose layers go from the connection into the tree. */
final class RegistryImage implements Image {
  private final Image image;

  private RegistryImage(Image image) {
    this.image = image;
  }

  /**
   * Asks for everything but the layers.
   *
   * @throws OperatorError when it is not there, not to be had, damaged, or not for linux/amd64
   */
  static Image open(RegistryConnection connection) {
    RegistryManifest top = RegistryManifest.get(connection);
    return new RegistryImage(
        OciImage.open(
            "docker://" + connection.reference(),
            top.descriptor(),
            new RegistryBlobs(connection, top)));
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
  public boolean isRemote() {
    return true;
  }

  @Override
  public void close() {
    image.close();
  }

  /** The documents and layers below the manifest or index that was asked for. */
  private record RegistryBlobs(RegistryConnection connection, RegistryManifest top)
      implements Blobs {
    @Override
    public Supplier<InputStream> manifest(Descriptor descriptor) {
      return () ->
          new ByteArrayInputStream(
              descriptor.digest().equals(top.descriptor().digest())
                  ? top.bytes()
                  : fetched(descriptor));
    }

    private byte[] fetched(Descriptor descriptor) {
      RegistryDocument manifest =
          connection.document("manifests/" + descriptor.digest(), RegistryManifest.ACCEPT);
      if (!manifest.isThere()) {
        throw new ImageException(
            "docker://"
                + connection.reference()
                + " is incomplete: its registry lacks the manifest "
                + descriptor.digest()
                + " that its index names. Push the whole image again.");
      }
      return manifest.bytes();
    }

    @Override
    public Supplier<InputStream> blob(Descriptor descriptor) {
      return () -> new RegistryBlob(connection, descriptor);
    }
  }
}
