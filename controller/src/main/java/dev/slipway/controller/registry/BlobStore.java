package dev.slipway.controller.registry;

import dev.slipway.linux.OperatorError;
import dev.slipway.tree.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * Documents on disk under the SHA-256 of what they hold: {@code sha256/HEX}. What lies there is
 * complete and was flushed; unfinished ones lie in {@code incoming/} and are swept away at the next
 * start.
 */
public final class BlobStore {
  private static final int BUFFER = 256 * 1024;

  private final Path finished;
  private final Path incoming;

  private BlobStore(Path finished, Path incoming) {
    this.finished = finished;
    this.incoming = incoming;
  }

  /**
   * A document that is there.
   *
   * @param size in bytes
   */
  public record Blob(Digest digest, Path file, long size) {
    /** All of it; for small ones. */
    public byte[] bytes() {
      try {
        return Files.readAllBytes(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Opens the store in a directory, which is made when it does not exist. */
  public static BlobStore open(Path directory) {
    BlobStore store = new BlobStore(directory.resolve("sha256"), directory.resolve("incoming"));
    try {
      Files.createDirectories(store.finished);
      Files.createDirectories(store.incoming);
      try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(store.incoming)) {
        for (Path leftover : leftovers) {
          Files.delete(leftover);
        }
      }
      return store;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The store of releases " + directory + " cannot be used: " + e.getMessage(), e);
    }
  }

  /** The document with this digest, if it is there. */
  public Optional<Blob> find(Digest digest) {
    Path file = finished.resolve(digest.hex());
    try {
      return Files.exists(file)
          ? Optional.of(new Blob(digest, file, Files.size(file)))
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Takes a document in. Nothing of it stays when it is not what it should be or the stream fails.
   *
   * @throws OperatorError when the content has another digest
   */
  public Blob put(Digest expected, InputStream content) {
    try {
      Path unfinished = Files.createTempFile(incoming, "blob-", "");
      try {
        return put(expected, content, unfinished);
      } finally {
        Files.deleteIfExists(unfinished);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("A release could not be stored: " + e.getMessage(), e);
    }
  }

  private Blob put(Digest expected, InputStream content, Path unfinished) throws IOException {
    Digest received = copy(content, unfinished);
    if (!received.equals(expected)) {
      throw new OperatorError(
          "What was sent as "
              + expected
              + " has the digest "
              + received
              + ": it was changed or cut short on the way. Send it again.");
    }
    Path file = finished.resolve(expected.hex());
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    flush(finished);
    return new Blob(expected, file, Files.size(file));
  }

  private static Digest copy(InputStream content, Path file) throws IOException {
    MessageDigest sha256 = Digest.sha256();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      byte[] buffer = new byte[BUFFER];
      for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
        sha256.update(buffer, 0, n);
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, n);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      }
      channel.force(true);
    }
    return Digest.finish(sha256);
  }

  private static void flush(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
