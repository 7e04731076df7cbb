package dev.slipway.image;

import dev.slipway.tree.EntryStream;
import dev.slipway.tree.Manifest;
import dev.slipway.tree.TreeWriter;
import java.nio.file.Path;

/**
 * Applies the layers of an image to a directory, one over the other, by the rules of the OCI
 * image-spec (layer.md).
 */
public final class LayerStack {
  private LayerStack() {}

  /** Unpacks all layers into an empty directory and says what it holds then. */
  public static Manifest unpack(Image image, Path directory) {
    try (TreeWriter writer = TreeWriter.into(directory)) {
      for (Layer layer : image.layers()) {
        try (EntryStream entries = layer.open()) {
          writer.addAll(entries);
        }
      }
      return writer.finish();
    }
  }
}
