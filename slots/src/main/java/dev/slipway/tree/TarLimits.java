package dev.slipway.tree;

/**
 * How much an archive may ask for before it counts as hostile. What is written to disk is bounded
 * by the disk; these are for what a few bytes of archive can ask of memory and time. All of a file
 * is hashed, its holes too.
 *
 * @param entries in one archive
 * @param headerBytes of the PAX headers and long names of one entry, and of the global headers
 * @param sparseSegments of one file
 * @param fileSize in bytes, holes included, of one file
 * @param totalSize in bytes, holes included, of all files of one archive, such as a layer
 */
public record TarLimits(
    long entries, int headerBytes, int sparseSegments, long fileSize, long totalSize) {
  /**
   * Ten million entries; 4 MiB of header, which holds every xattr that Linux can keep on a file; a
   * million segments; files of 1 TiB, as lastlog can be on a host with large user ids; 2 TiB in
   * all.
   */
  public static final TarLimits DEFAULT =
      new TarLimits(10_000_000, 4 << 20, 1_000_000, 1L << 40, 2L << 40);

  /**
   * The longest path in bytes that Linux takes in one call: PATH_MAX of linux/limits.h without the
   * final 0.
   */
  static final int PATH = 4095;

  /** The longest single name in bytes: NAME_MAX of linux/limits.h. */
  static final int NAME = 255;
}
