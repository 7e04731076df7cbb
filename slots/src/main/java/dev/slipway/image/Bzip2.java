package dev.slipway.image;

import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/**
 * bzip2, by a library that the controller has and the agent does not: it would add more to the
 * agent than a form is worth in which hosts hardly get an image.
 */
final class Bzip2 {
  private Bzip2() {}

  /**
   * The decompressed stream, of all streams in it.
   *
   * @throws ImageException where the library is not
   */
  static InputStream decompress(InputStream compressed) throws IOException {
    try {
      return Library.decompress(compressed);
    } catch (NoClassDefFoundError e) {
      throw new ImageException(
          "This is compressed with bzip2, which the controller reads and the agent does not; use gzip,"
              + " zstd, xz or nothing.",
          e);
    }
  }

  /** A class of its own, for a class without its library fails as soon as it is looked at. */
  private static final class Library {
    static InputStream decompress(InputStream compressed) throws IOException {
      return new BZip2CompressorInputStream(compressed, true);
    }
  }
}
