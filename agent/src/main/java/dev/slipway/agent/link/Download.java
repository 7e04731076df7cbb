package dev.slipway.agent.link;

import dev.slipway.release.ReleaseManifest.Descriptor;
import dev.slipway.tree.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/**
 * A blob as it comes from the controller: digested on the way, and asked for again from where it
 * broke off. Its end is only reported when size and digest are right.
 */
final class Download extends InputStream {
  private static final int ATTEMPTS = 6;
  private static final long FIRST_PAUSE_MILLIS = 500;

  private final ControllerApi api;
  private final String path;
  private final Descriptor blob;
  private final MessageDigest sha256 = Digest.sha256();
  private InputStream body = InputStream.nullInputStream();
  private long received;
  private int failures;
  private boolean checked;

  Download(ControllerApi api, String path, Descriptor blob) {
    this.api = api;
    this.path = path;
    this.blob = blob;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (received < blob.size()) {
      int wanted = (int) Math.min(length, blob.size() - received);
      try {
        int n = body.read(buffer, offset, wanted);
        if (n > 0) {
          sha256.update(buffer, offset, n);
          received += n;
          return n;
        }
        reopen();
      } catch (IOException e) {
        pauseBeforeTryingAgain(e);
      }
    }
    check();
    return -1;
  }

  /** Also when it ended early: a server that sends too little is asked for the rest. */
  private void reopen() throws IOException {
    body.close();
    try {
      body = api.open(path, received);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while downloading", e);
    }
    failures++;
    if (failures > ATTEMPTS) {
      throw new BrokenDownload("it kept ending early");
    }
  }

  private void pauseBeforeTryingAgain(IOException e) throws IOException {
    failures++;
    if (e instanceof BrokenDownload || failures > ATTEMPTS) {
      throw e;
    }
    body = InputStream.nullInputStream();
    try {
      Thread.sleep(FIRST_PAUSE_MILLIS << failures);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while downloading", interrupted);
    }
  }

  private void check() throws IOException {
    if (checked) {
      return;
    }
    Digest digest = Digest.finish(sha256);
    if (!digest.equals(blob.digest())) {
      throw new BrokenDownload(
          "what the controller sent as " + blob.digest() + " has the digest " + digest);
    }
    checked = true;
  }

  @Override
  public void close() throws IOException {
    body.close();
  }

  /** Trying again would not help. */
  private static final class BrokenDownload extends IOException {
    BrokenDownload(String message) {
      super(message);
    }
  }
}
