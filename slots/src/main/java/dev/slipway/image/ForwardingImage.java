package dev.slipway.image;

import dev.slipway.tree.Digest;
import dev.slipway.tree.EntryStream;
import java.util.List;
import java.util.function.Function;

/**
 * An image whose layers are opened, and which is closed, in ways of its own; all else is the
 * image's.
 */
record ForwardingImage(Image image, Function<Layer, EntryStream> opening, Runnable closing)
    implements Image {
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
    return image.layers().stream().map(layer -> (Layer) () -> opening.apply(layer)).toList();
  }

  @Override
  public boolean isRemote() {
    return image.isRemote();
  }

  @Override
  public void close() {
    closing.run();
  }
}
