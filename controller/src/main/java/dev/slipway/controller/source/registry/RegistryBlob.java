package dev.slipway.controller.source.registry;

import dev.slipway.image.Descriptor;
import dev.slipway.image.ImageException;
import dev.slipway.linux.OperatorError;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A blob as it comes from a registry, over as many connections as it takes: each further one begins
 * where the last one broke. Whether the bytes are the right ones is for the reader to check.
 */
final class RegistryBlob extends InputStream {
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (?<from>[0-9]{1,18})-[0-9]{1,18}/(?<size>[0-9]{1,18}|\\*)");

  private final RegistryConnection connection;
  private final Descriptor descriptor;
  private final Attempts attempts;
  private Optional<InputStream> body = Optional.empty();
  private long received;

  /** Begins nothing yet; the first read does. */
  RegistryBlob(RegistryConnection connection, Descriptor descriptor) {
    this.connection = connection;
    this.descriptor = descriptor;
    this.attempts = connection.attempts();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /**
   * Reads on.
   *
   * @throws ImageException when the registry does not have the blob, or not of its size
   * @throws OperatorError when it refuses, or failed too often in a row
   * @throws InterruptedIOException when the thread was interrupted
   */
  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, buffer.length);
    if (length == 0) {
      return 0;
    }
    while (received < descriptor.size()) {
      try {
        int most = (int) Math.min(length, descriptor.size() - received);
        int count = connected().read(buffer, offset, most);
        if (count < 0) {
          throw new EOFException("the answer ended too early");
        }
        received += count;
        attempts.succeeded();
        return count;
      } catch (IOException e) {
        close();
        if (connection.trouble().isHopeless(e) || !attempts.again(e)) {
          throw brokeOff(e);
        }
      }
    }
    return -1;
  }

  private InputStream connected() throws IOException {
    if (body.isEmpty()) {
      HttpResponse<InputStream> answer =
          connection.get("blobs/" + descriptor.digest(), "*/*", received);
      body = Optional.of(answer.body());
      if (answer.statusCode() == RegistryHttp.NOT_FOUND) {
        throw missing();
      }
      requireSize(size(answer));
      if (answer.statusCode() == RegistryHttp.OK) {
        // The server knows no ranges: what has come already comes again.
        answer.body().skipNBytes(received);
      }
    }
    return body.get();
  }

  /** Of the whole blob, as far as this answer tells. */
  private OptionalLong size(HttpResponse<InputStream> answer) throws IOException {
    if (answer.statusCode() == RegistryHttp.OK) {
      return answer.headers().firstValueAsLong("Content-Length");
    }
    Matcher range = CONTENT_RANGE.matcher(answer.headers().firstValue("Content-Range").orElse(""));
    if (!range.matches() || Long.parseLong(range.group("from")) != received) {
      throw new IOException("asked for what follows byte " + received + ", another part came");
    }
    String size = range.group("size");
    return size.equals("*") ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(size));
  }

  private void requireSize(OptionalLong size) {
    if (size.isPresent() && size.getAsLong() != descriptor.size()) {
      throw new ImageException(
          what()
              + " is damaged in its registry: it should have "
              + descriptor.size()
              + " bytes and has "
              + size.getAsLong()
              + " there. Push the image again.");
    }
  }

  private ImageException missing() {
    return new ImageException(
        "docker://"
            + connection.reference()
            + " is incomplete: its registry lacks "
            + descriptor.digest()
            + (descriptor.urls().isEmpty()
                ? ""
                : ", which is a layer that is only to be had elsewhere")
            + ". Push the whole image again.");
  }

  private OperatorError brokeOff(IOException failure) {
    return new OperatorError(
        what()
            + " broke off after "
            + received
            + " of "
            + descriptor.size()
            + " bytes and could not be continued. "
            + connection.trouble().sentence(failure),
        failure);
  }

  private String what() {
    return "The part " + descriptor.digest() + " of docker://" + connection.reference();
  }

  @Override
  public void close() throws IOException {
    Optional<InputStream> open = body;
    body = Optional.empty();
    if (open.isPresent()) {
      open.get().close();
    }
  }
}
