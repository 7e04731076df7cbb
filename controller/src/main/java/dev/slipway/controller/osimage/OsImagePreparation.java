package dev.slipway.controller.osimage;

import dev.slipway.image.Image;
import java.nio.file.Path;

/** Makes an unpacked image boot. */
public final class OsImagePreparation {

  /**
   * Prepares the tree at {@code root}, which holds the unpacked image, in place.
   *
   * @throws dev.slipway.linux.OperatorError when the image cannot boot, with what it lacks
   */
  @SuppressWarnings("DoNotCallSuggester")
  public PreparedImage prepare(Path root, Image image, PreparationOptions options) {
    throw new UnsupportedOperationException(root + image.reference() + options);
  }
}
