package dev.slipway.image;

/**
 * Counts the entries of all layers of one image. What stays of them is known in memory, while a few
 * bytes of a compressed layer are enough to make one.
 */
final class EntryCount {
  /**
   * Bytes of memory for each: measured were 377 in a manifest, of which there are two while a slot
   * is read back, and 228 in the tree of layers that an image is looked through with.
   */
  private static final int MEMORY = 1024;

  private final long most;
  private long seen;

  EntryCount(long most) {
    this.most = most;
  }

  /** As many as this process has memory for. */
  static EntryCount forThisMemory() {
    return new EntryCount(Runtime.getRuntime().maxMemory() / MEMORY);
  }

  /** Another one, whether it adds something or takes something away. */
  void next() {
    seen++;
    if (seen > most) {
      throw new ImageException(
          "The layers of the image have more than "
              + most
              + " entries together, for which this program does not have the memory. Leave out of"
              + " the image what its system does not need, or change fewer files of lower layers.");
    }
  }
}
