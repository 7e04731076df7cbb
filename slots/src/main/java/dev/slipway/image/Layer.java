package dev.slipway.image;

import dev.slipway.tree.EntryStream;

/** One layer of an image. */
public interface Layer {
  /**
   * The layer's entries as they stand in its tar, whiteouts included; digests are checked when the
   * end is reached.
   */
  EntryStream open();
}
