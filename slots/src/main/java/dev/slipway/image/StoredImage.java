package dev.slipway.image;

import dev.slipway.tree.Digest;
import java.util.List;

/** An image of which everything but the layers' contents has been read and checked. */
record StoredImage(
    String reference, Digest digest, ImageConfig config, List<Layer> layers, boolean isRemote)
    implements Image {
  private static final String ARCHITECTURE = "amd64";
  private static final String OS = "linux";

  StoredImage {
    layers = List.copyOf(layers);
    if (!config.architecture().equals(ARCHITECTURE) || !config.os().equals(OS)) {
      throw new ImageException(
          reference
              + " is for "
              + config.os()
              + "/"
              + config.architecture()
              + ", and Slipway builds for linux/amd64. Pull or build it with --platform linux/amd64.");
    }
  }

  @Override
  public void close() {
    // A layer closes what it opened; nothing else is open.
  }
}
