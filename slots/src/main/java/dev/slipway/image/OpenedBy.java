package dev.slipway.image;

import dev.slipway.tree.Digest;
import dev.slipway.tree.EntryStream;
import java.util.List;
import java.util.function.Function;

/** An image whose layers are opened in a way of their own; all else is the image's. */
record OpenedBy(Image image, Function<Layer, EntryStream> opening) implements Image {
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
    image.close();
  }
}
