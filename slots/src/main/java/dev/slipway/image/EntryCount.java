package dev.slipway.image;

import dev.slipway.tree.TarLimits;

/**
 * Counts the entries of all layers of one image. What stays of them is known in memory, some 400
 * bytes an entry and more of long names, while a few bytes of a compressed layer are enough to make
 * one.
 */
final class EntryCount {
  /** Two slots of such images are written at once with 2 GiB of heap. */
  static final long MOST = TarLimits.DEFAULT.entries();

  private final long most;
  private long seen;

  EntryCount(long most) {
    this.most = most;
  }

  /** Another one, whether it adds something or takes something away. */
  void next() {
    seen++;
    if (seen > most) {
      throw new ImageException(
          "The layers of the image have more than "
              + most
              + " entries together, which Slipway takes for hostile. Leave out of the image what its"
              + " system does not need.");
    }
  }
}
