package dev.slipway.agent.link;

import dev.slipway.linux.OperatorError;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Objects;

/**
 * A document of a known size at the controller, asked for again from where it broke off. Whether
 * the bytes are the right ones is for the reader to check.
 */
final class Download extends InputStream {
  private final ControllerApi api;
  private final String path;
  private final long size;
  private final Patience patience;
  private InputStream body = InputStream.nullInputStream();
  private boolean open;
  private long received;
  private int failures;

  /**
   * Begins nothing yet; the first read does.
   *
   * @param size in bytes; what the controller has beyond is not read
   */
  Download(ControllerApi api, String path, long size, Patience patience) {
    this.api = api;
    this.path = path;
    this.size = size;
    this.patience = patience;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /**
   * Reads on, over as many connections as it takes.
   *
   * @throws OperatorError when the controller refuses, or failed too often in a row
   * @throws InterruptedIOException when the thread was interrupted
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
        failures = 0;
        return count;
      } catch (IOException e) {
        if (Thread.currentThread().isInterrupted()) {
          throw e;
        }
        bear(e);
      }
    }
    return -1;
  }

  private InputStream connected() throws IOException {
    if (!open) {
      try {
        body = api.open(path, received);
      } catch (InterruptedException e) {
        throw interrupted();
      }
      open = true;
    }
    return body;
  }

  /** Waits before the next attempt, unless there were enough. */
  private void bear(IOException failure) throws IOException {
    close();
    failures++;
    if (failures >= patience.failures()) {
      throw new OperatorError(
          "The download broke off after %d of %d bytes and could not be continued in %d attempts. %s"
              .formatted(received, size, failures, api.unreachable(failure).getMessage()),
          failure);
    }
    try {
      Thread.sleep(patience.backoff().after(failures).toMillis());
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private static InterruptedIOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("interrupted while downloading");
  }

  @Override
  public void close() throws IOException {
    open = false;
    body.close();
  }
}
