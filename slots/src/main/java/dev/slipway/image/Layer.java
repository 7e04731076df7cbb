package dev.slipway.image;

import dev.slipway.tree.EntryStream;

/**
 * One layer of an image. Entries rather than a tar's bytes, because a layer can also be a
 * directory.
 */
public interface Layer {
  /**
   * The layer's entries as they stand in it, whiteouts included. The layer's digests, where its
   * image states them, are checked when the end is reached; until then nothing that was read is
   * proven.
   */
  EntryStream open();
}
