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
  private static final int HOLE = 32 * 1024;

  private static final byte[] ZEROS = new byte[HOLE];

  private final byte[] bytes = new byte[BUFFER];
  private final TransferBuffer buffer = new TransferBuffer(BUFFER);
  private final MessageDigest sha256 = Digest.sha256();

  /** Writes the whole content into the new, empty file. */
  Digest write(RegularFile file, InputStream content, OpenFile target) {
    sha256.reset();
    long position = 0;
    boolean endsInHole = false;
    while (position < file.size()) {
      int count = fill(file, content, file.size() - position);
      sha256.update(bytes, 0, count);
      buffer.put(bytes, count);
      endsInHole = writeData(target, position, count);
      position += count;
    }
    if (endsInHole) {
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

  /** Writes what is not zero, run by run; says whether the end was jumped over. */
  private boolean writeData(OpenFile target, long position, int count) {
    int from = 0;
    boolean jumped = false;
    for (int at = 0; at < count; at += HOLE) {
      int end = Math.min(at + HOLE, count);
      if (Arrays.equals(bytes, at, end, ZEROS, 0, end - at)) {
        target.write(buffer, from, at);
        target.seek(position + end);
        from = end;
        jumped = true;
      } else {
        jumped = false;
      }
    }
    target.write(buffer, from, count);
    return jumped;
  }

  @Override
  public void close() {
    buffer.close();
  }
}
