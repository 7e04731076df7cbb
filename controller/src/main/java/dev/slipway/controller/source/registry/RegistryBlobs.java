package dev.slipway.controller.source.registry;

import dev.slipway.image.Blobs;
import dev.slipway.image.Descriptor;
import dev.slipway.image.Image;
import dev.slipway.image.ImageException;
import dev.slipway.image.OciImage;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.function.Supplier;

/** What an image in a registry consists of; its layers go from the connection into the tree. */
final class RegistryBlobs implements Blobs {
  private final RegistryConnection connection;
  private final RegistryManifest top;

  private RegistryBlobs(RegistryConnection connection, RegistryManifest top) {
    this.connection = connection;
    this.top = top;
  }

  /**
   * Asks for everything but the layers.
   *
   * @throws dev.slipway.linux.OperatorError when it is not there, not to be had, damaged, or not
   *     for linux/amd64
   */
  static Image open(RegistryConnection connection) {
    RegistryManifest top = RegistryManifest.get(connection);
    return OciImage.open(
        "docker://" + connection.reference(), top.descriptor(), new RegistryBlobs(connection, top));
  }

  @Override
  public boolean areRemote() {
    return true;
  }

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
    return () -> RegistryBlob.of(connection, descriptor);
  }
}
