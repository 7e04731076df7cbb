package dev.slipway.image;

import dev.slipway.tree.Digest;
import dev.slipway.tree.Entry;
import dev.slipway.tree.EntryStream;
import dev.slipway.tree.TarReader;
import dev.slipway.tree.TreeException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A layer that is a tar archive, compressed or not, with the digests that its image states for it.
 */
public final class TarLayer implements Layer {
  private final String name;
  private final Supplier<InputStream> blob;
  private final Optional<Digest> blobDigest;
  private final Optional<Digest> diffId;

  /**
   * A layer.
   *
   * @param name for messages, such as {@code layer 2 of oci:build/image}
   * @param blob opens the stored bytes, afresh each time
   * @param blobDigest of the stored bytes
   * @param diffId of the uncompressed archive
   */
  public TarLayer(
      String name,
      Supplier<InputStream> blob,
      Optional<Digest> blobDigest,
      Optional<Digest> diffId) {
    this.name = name;
    this.blob = blob;
    this.blobDigest = blobDigest;
    this.diffId = diffId;
  }

  @Override
  public EntryStream open() {
    InputStream stored = stored();
    try {
      InputStream checked =
          blobDigest.isPresent() ? new VerifiedStream(stored, blobDigest.get(), name) : stored;
      InputStream tar = new WholeStream(Decompression.of(checked), checked);
      if (diffId.isPresent()) {
        return new Entries(
            TarReader.withoutEndMark(
                new VerifiedStream(tar, diffId.get(), "The content of " + name)));
      }
      return new Entries(new TarReader(tar));
    } catch (IOException e) {
      closeQuietly(stored);
      throw new ImageException(
          "In "
              + name
              + ": It cannot be decompressed ("
              + e.getMessage()
              + "). Fetch or make it again.",
          e);
    } catch (RuntimeException e) {
      closeQuietly(stored);
      throw e;
    }
  }

  private InputStream stored() {
    try {
      return blob.get();
    } catch (UncheckedIOException e) {
      throw unreadable(e);
    }
  }

  private static void closeQuietly(InputStream stream) {
    try {
      stream.close();
    } catch (IOException e) {
      // The error that led here is the one to tell.
    }
  }

  private ImageException unreadable(Exception e) {
    return new ImageException("In " + name + ": " + e.getMessage(), e);
  }

  /**
   * When the decompressed stream ends, what lies behind it in the stored one is read too, for its
   * digest.
   */
  private static final class WholeStream extends FilterInputStream {
    private final InputStream stored;

    private WholeStream(InputStream decompressed, InputStream stored) {
      super(decompressed);
      this.stored = stored;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int count = in.read(buffer, offset, length);
      if (count < 0 && stored instanceof VerifiedStream verified) {
        verified.drain();
      }
      return count;
    }
  }

  /** The archive's entries, with the layer's name in every error. */
  private final class Entries implements EntryStream {
    private final TarReader reader;

    private Entries(TarReader reader) {
      this.reader = reader;
    }

    @Override
    public Optional<Entry> next() {
      try {
        return reader.next();
      } catch (TreeException e) {
        throw unreadable(e);
      }
    }

    @Override
    public InputStream content() {
      return new FilterInputStream(reader.content()) {
        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
          try {
            return in.read(buffer, offset, length);
          } catch (TreeException e) {
            throw unreadable(e);
          }
        }
      };
    }

    @Override
    public long allocated() {
      return reader.allocated();
    }

    @Override
    public void close() {
      reader.close();
    }
  }
}
