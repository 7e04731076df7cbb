package dev.slipway.controller.source.registry;

import dev.slipway.http.ResumingStream;
import dev.slipway.image.Descriptor;
import dev.slipway.image.ImageException;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A blob as it comes from a registry, asked for again from where it broke off. */
final class RegistryBlob implements ResumingStream.Origin {
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (?<from>[0-9]{1,18})-[0-9]{1,18}/(?<size>[0-9]{1,18}|\\*)");

  private final RegistryConnection connection;
  private final Descriptor descriptor;
  private final Attempts attempts;

  private RegistryBlob(RegistryConnection connection, Descriptor descriptor) {
    this.connection = connection;
    this.descriptor = descriptor;
    this.attempts = connection.attempts();
  }

  /**
   * Begins nothing yet; the first read does. Reading fails with an {@link ImageException} when the
   * registry does not have the blob, or not of its size, and with another {@link OperatorError}
   * when it refuses, or failed too often in a row.
   */
  static InputStream of(RegistryConnection connection, Descriptor descriptor) {
    return new ResumingStream(new RegistryBlob(connection, descriptor), descriptor.size());
  }

  @Override
  public InputStream open(long offset) throws IOException {
    HttpResponse<InputStream> answer =
        connection.get("blobs/" + descriptor.digest(), "*/*", offset);
    try {
      if (answer.statusCode() == RegistryHttp.NOT_FOUND) {
        throw missing();
      }
      requireSize(size(answer, offset));
      if (answer.statusCode() == RegistryHttp.OK) {
        // The server knows no ranges: what has come already comes again.
        answer.body().skipNBytes(offset);
      }
      return answer.body();
    } catch (IOException | RuntimeException e) {
      answer.body().close();
      throw e;
    }
  }

  /** Of the whole blob, as far as this answer tells. */
  private static OptionalLong size(HttpResponse<InputStream> answer, long offset)
      throws IOException {
    if (answer.statusCode() == RegistryHttp.OK) {
      return answer.headers().firstValueAsLong("Content-Length");
    }
    Matcher range = CONTENT_RANGE.matcher(answer.headers().firstValue("Content-Range").orElse(""));
    if (!range.matches() || Long.parseLong(range.group("from")) != offset) {
      throw new IOException("asked for what follows byte " + offset + ", another part came");
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

  @Override
  public void progressed() {
    attempts.succeeded();
  }

  @Override
  public void bear(IOException failure, long received) throws IOException {
    if (connection.trouble().isHopeless(failure) || !attempts.again(failure)) {
      throw new OperatorError(
          what()
              + " broke off after "
              + received
              + " of "
              + descriptor.size()
              + " bytes and could not be continued. "
              + connection.trouble().sentence(failure),
          failure);
    }
  }

  private String what() {
    return "The part " + descriptor.digest() + " of docker://" + connection.reference();
  }
}
