package dev.slipway.image;

import dev.slipway.tree.Digest;
import dev.slipway.tree.EntryStream;
import java.util.List;
import java.util.function.Function;

/** A container image for linux/amd64 that can be read. */
public interface Image extends AutoCloseable {
  /** As the operator named it. */
  String reference();

  /**
   * Names exactly this image: the digest of its manifest (OCI), its configuration (docker-archive)
   * or the whole file.
   */
  Digest digest();

  /** What its authors said about running it. */
  ImageConfig config();

  /** Its layers, the lowest first. */
  List<Layer> layers();

  /**
   * Whether its layers come over a network each time they are opened, so that reading them twice is
   * dear.
   */
  default boolean isRemote() {
    return false;
  }

  /** The same image with its layers opened in another way. Closing it closes this one. */
  default Image openedBy(Function<Layer, EntryStream> opening) {
    return new ForwardingImage(this, opening, this::close);
  }

  @Override
  void close();
}
