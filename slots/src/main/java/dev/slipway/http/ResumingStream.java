package dev.slipway.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * A document of a known size, read over as many connections as it takes: each further one begins
 * where the last one broke. Whether the bytes are the right ones is for the reader to check.
 */
public final class ResumingStream extends InputStream {
  /** Where the document is, and how much is borne for it. */
  public interface Origin {
    /**
     * Begins to send the document.
     *
     * @param offset of the first byte that shall come
     * @throws IOException when another attempt may help
     * @throws RuntimeException when none would
     */
    InputStream open(long offset) throws IOException;

    /** Something came, so that failures count anew. */
    void progressed();

    /**
     * After a failure: returns when it is time for another attempt.
     *
     * @param received how many bytes have come by now
     * @throws IOException when the thread was interrupted
     * @throws RuntimeException when there were enough attempts, or another would not help
     */
    void bear(IOException failure, long received) throws IOException;
  }

  private final Origin origin;
  private final long size;
  private InputStream body = InputStream.nullInputStream();
  private boolean open;
  private long received;

  /**
   * Begins nothing yet; the first read does.
   *
   * @param size in bytes; what its origin has beyond is not read
   */
  public ResumingStream(Origin origin, long size) {
    this.origin = origin;
    this.size = size;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /**
   * Reads on.
   *
   * @throws IOException when the thread was interrupted
   * @throws RuntimeException of the origin, when it refuses or failed too often in a row
   */
  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, buffer.length);
    if (length == 0) {
      return 0;
    }
    while (received < size) {
      try {
        int count = connected().read(buffer, offset, (int) Math.min(length, size - received));
        if (count < 0) {
          throw new EOFException("it ended after " + received + " of " + size + " bytes");
        }
        received += count;
        origin.progressed();
        return count;
      } catch (IOException e) {
        closeAfter(e);
        if (Thread.currentThread().isInterrupted()) {
          throw e;
        }
        origin.bear(e, received);
      }
    }
    return -1;
  }

  private InputStream connected() throws IOException {
    if (!open) {
      body = origin.open(received);
      open = true;
    }
    return body;
  }

  /** A connection that broke may not even close; that is no reason against another attempt. */
  private void closeAfter(IOException failure) {
    try {
      close();
    } catch (IOException e) {
      if (e != failure) {
        failure.addSuppressed(e);
      }
    }
  }

  @Override
  public void close() throws IOException {
    open = false;
    body.close();
  }
}
