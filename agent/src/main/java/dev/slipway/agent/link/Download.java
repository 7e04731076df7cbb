package dev.slipway.agent.link;

import dev.slipway.http.ResumingStream;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;

/** A document of a known size at the controller, asked for again from where it broke off. */
final class Download implements ResumingStream.Origin {
  private final ControllerApi api;
  private final String path;
  private final long size;
  private final Patience patience;
  private int failures;

  private Download(ControllerApi api, String path, long size, Patience patience) {
    this.api = api;
    this.path = path;
    this.size = size;
    this.patience = patience;
  }

  /**
   * Begins nothing yet; the first read does. Reading fails with an {@link OperatorError} when the
   * controller refuses, or failed too often in a row.
   *
   * @param size in bytes; what the controller has beyond is not read
   */
  static InputStream of(ControllerApi api, String path, long size, Patience patience) {
    return new ResumingStream(new Download(api, path, size, patience), size);
  }

  @Override
  public InputStream open(long offset) throws IOException {
    try {
      return api.open(path, offset);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  @Override
  public void progressed() {
    failures = 0;
  }

  @Override
  public void bear(IOException failure, long received) throws IOException {
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
}
