package dev.slipway.tree;

import dev.slipway.linux.OpenFile;
import dev.slipway.linux.TransferBuffer;
import dev.slipway.tree.Entry.RegularFile;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Writes files' contents through one native buffer, leaves holes where there are only zeros, and
 * takes the digest.
 */
final class ContentWriter implements AutoCloseable {
  private static final int BUFFER = 128 * 1024;

  /** Smaller holes save little, and each cuts the file into one more piece for GRUB to read. */
  static final int HOLE = 32 * 1024;

  private static final byte[] ZEROS = new byte[HOLE];

  private final byte[] bytes = new byte[BUFFER];
  private final TransferBuffer buffer = new TransferBuffer(BUFFER);
  private final MessageDigest sha256 = Digest.sha256();

  /** Writes the whole content into the new, empty file. */
  Digest write(RegularFile file, InputStream content, OpenFile target) {
    sha256.reset();
    long position = 0;
    long written = 0;
    while (position < file.size()) {
      int count = fill(file, content, file.size() - position);
      sha256.update(bytes, 0, count);
      written = writeData(target, position, count, written);
      position += count;
    }
    if (written < position) {
      target.truncate(position);
    }
    return Digest.finish(sha256);
  }

  private int fill(RegularFile file, InputStream content, long left) {
    int wanted = (int) Math.min(bytes.length, left);
    try {
      int count = content.readNBytes(bytes, 0, wanted);
      if (count < wanted) {
        throw new EOFException("it ends " + (left - count) + " bytes early");
      }
      return count;
    } catch (IOException e) {
      throw new TreeException(
          "The content of " + file.path() + " cannot be read: " + e.getMessage() + ".", e);
    }
  }

  /**
   * Writes what is not zero, run by run.
   *
   * @param position of these bytes in the file
   * @param written where in the file the last run ended
   * @return where it ends now
   */
  private long writeData(OpenFile target, long position, int count, long written) {
    long end = written;
    int at = 0;
    while (at < count) {
      int from = pastZeros(at, count);
      at = pastData(from, count);
      if (from < at) {
        if (position + from != end) {
          target.seek(position + from);
        }
        buffer.put(bytes, from, at - from);
        target.write(buffer, 0, at - from);
        end = position + at;
      }
    }
    return end;
  }

  private int pastZeros(int start, int count) {
    int at = start;
    while (at < count && isZero(at, count)) {
      at = Math.min(at + HOLE, count);
    }
    return at;
  }

  private int pastData(int start, int count) {
    int at = start;
    while (at < count && !isZero(at, count)) {
      at = Math.min(at + HOLE, count);
    }
    return at;
  }

  /** Whether what would be one hole has only zeros. */
  private boolean isZero(int at, int count) {
    int end = Math.min(at + HOLE, count);
    return Arrays.equals(bytes, at, end, ZEROS, 0, end - at);
  }

  @Override
  public void close() {
    buffer.close();
  }
}
