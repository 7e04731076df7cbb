package dev.slipway.image;

import dev.slipway.tree.Digest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;

/** A stream whose end is only reached when its digest is the one expected. */
final class VerifiedStream extends FilterInputStream {
  private static final int BUFFER = 64 * 1024;

  private final MessageDigest sha256 = Digest.sha256();
  private final Digest expected;
  private final String what;
  private boolean verified;

  VerifiedStream(InputStream in, Digest expected, String what) {
    super(in);
    this.expected = expected;
    this.what = what;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int count = in.read(buffer, offset, length);
    if (count > 0) {
      sha256.update(buffer, offset, count);
    } else if (count < 0 && !verified) {
      verify();
    }
    return count;
  }

  /** Every byte has to go through the digest. */
  @Override
  public long skip(long count) throws IOException {
    byte[] skipped = new byte[(int) Math.min(count, BUFFER)];
    return Math.max(0, read(skipped, 0, skipped.length));
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  private void verify() {
    Digest found = Digest.finish(sha256);
    if (!found.equals(expected)) {
      throw new ImageException(
          what
              + " is damaged: its digest should be "
              + expected
              + " and is "
              + found
              + ". Fetch it again.");
    }
    verified = true;
  }

  /** Reads what is left, to see the end. */
  void drain() throws IOException {
    transferTo(OutputStream.nullOutputStream());
  }
}
