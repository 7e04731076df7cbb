package dev.slipway.tree;

/**
 * Counts how much of a file is written when only some of its pieces are known to hold data: all of
 * the grains that they touch, for {@link ContentWriter} leaves no smaller holes.
 */
final class Grains {
  private static final long GRAIN = ContentWriter.HOLE;

  private long bytes;
  private long end;

  /** Adds a piece; each begins at or behind the end of the one before. */
  void add(long from, long to) {
    if (from < to) {
      long first = Math.max(end, from / GRAIN * GRAIN);
      long last = endOf(to - 1);
      bytes += Math.max(0, last - first);
      end = Math.max(end, last);
    }
  }

  /** Where the grain ends that this place lies in. */
  static long endOf(long place) {
    return (place / GRAIN + 1) * GRAIN;
  }

  /** How many bytes they have in a file of this size. */
  long inFileOf(long size) {
    return bytes - Math.max(0, end - size);
  }
}
