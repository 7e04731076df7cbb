package dev.slipway.image;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * Decompresses by what the data begins with, not by what a media type or file name says. gzip with
 * several members, zstd with several and skippable frames, xz and bzip2 with several streams are
 * read to their end.
 */
public final class Decompression {
  private static final int BUFFER = 64 * 1024;
  private static final int XZ_MEMORY_KIB = 512 * 1024;
  private static final int MAGIC_LENGTH = 6;

  private Decompression() {}

  /**
   * The decompressed stream; data without a known magic is passed through.
   *
   * @throws ImageException for bzip2 in the agent, which does not read it
   */
  public static InputStream of(InputStream compressed) throws IOException {
    BufferedInputStream in = new BufferedInputStream(compressed, BUFFER);
    in.mark(MAGIC_LENGTH);
    byte[] magic = in.readNBytes(MAGIC_LENGTH);
    in.reset();
    if (begins(magic, 0x1f, 0x8b)) {
      return new GZIPInputStream(new UntilTheEnd(in), BUFFER);
    }
    if (begins(magic, 0x28, 0xb5, 0x2f, 0xfd) || isSkippableFrame(magic)) {
      return new ZstdInputStreamNoFinalizer(in);
    }
    if (begins(magic, 0xfd, '7', 'z', 'X', 'Z', 0)) {
      return new XZInputStream(in, XZ_MEMORY_KIB);
    }
    if (begins(magic, 'B', 'Z', 'h')) {
      return Bzip2.decompress(in);
    }
    return in;
  }

  /** Whether data that begins so is compressed. */
  static boolean isCompressed(byte[] start) {
    return begins(start, 0x1f, 0x8b)
        || begins(start, 0x28, 0xb5, 0x2f, 0xfd)
        || isSkippableFrame(start)
        || begins(start, 0xfd, '7', 'z', 'X', 'Z', 0)
        || begins(start, 'B', 'Z', 'h');
  }

  // RFC 8878, 3.1.2: 0x184D2A50 to 0x184D2A5F, little-endian.
  private static boolean isSkippableFrame(byte[] start) {
    return start.length >= 4
        && (start[0] & 0xf0) == 0x50
        && start[1] == 0x2a
        && start[2] == 0x4d
        && start[3] == 0x18;
  }

  private static boolean begins(byte[] start, int... magic) {
    if (start.length < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if ((start[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * Says that more is available until the end: GZIPInputStream looks for the next member only then.
   */
  private static final class UntilTheEnd extends FilterInputStream {
    private UntilTheEnd(BufferedInputStream in) {
      super(in);
    }

    @Override
    public int available() throws IOException {
      int ready = super.available();
      if (ready > 0) {
        return ready;
      }
      in.mark(1);
      int next = in.read();
      in.reset();
      return next < 0 ? 0 : 1;
    }
  }
}
