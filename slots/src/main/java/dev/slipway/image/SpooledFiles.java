package dev.slipway.image;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import dev.slipway.tree.Entry;
import dev.slipway.tree.Entry.RegularFile;
import dev.slipway.tree.TarReader;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The files of an archive that comes once, as a stream. They are kept in a file without a name,
 * which is gone with the process, however that ends; large ones compressed.
 */
final class SpooledFiles implements ImageFiles, AutoCloseable {
  /**
   * From this size on files are layers, and compressed. Documents have to stay as they are: their
   * readers do not decompress.
   */
  private static final long LAYER = Documents.LARGEST + 1L;

  /** The fastest of zstd, for that is what takes time; layers shrink to less than half by it. */
  private static final int LEVEL = 1;

  private static final int BUFFER = 128 * 1024;
  private static final int MAGIC_LENGTH = 6;

  private final FileChannel file;
  private final ArchiveIndex index = new ArchiveIndex();

  private SpooledFiles(FileChannel file) {
    this.file = file;
  }

  /**
   * Reads an uncompressed tar archive to its end.
   *
   * @param archive is not closed
   * @param directory where the file lies
   * @throws IOException when the file cannot be made or written
   * @throws dev.slipway.tree.TreeException when the archive cannot be read
   */
  static SpooledFiles of(InputStream archive, Path directory) throws IOException {
    SpooledFiles files =
        new SpooledFiles(
            FileChannel.open(
                Files.createTempFile(directory, "slipway-spool-", ""),
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                // On Linux the name goes at once.
                StandardOpenOption.DELETE_ON_CLOSE));
    try {
      files.keepAll(archive);
      return files;
    } catch (IOException | RuntimeException e) {
      files.close();
      throw e;
    }
  }

  private void keepAll(InputStream archive) throws IOException {
    // Closing the archive is the caller's part.
    TarReader reader = new TarReader(archive);
    for (Optional<Entry> next = reader.next(); next.isPresent(); next = reader.next()) {
      if (next.get() instanceof RegularFile entry) {
        long start = file.position();
        keep(new BufferedInputStream(reader.content(), BUFFER), entry.size());
        index.file(entry.path(), new ArchiveIndex.Piece(start, file.position() - start));
      } else {
        index.other(next.get());
      }
    }
  }

  private void keep(InputStream content, long size) throws IOException {
    content.mark(MAGIC_LENGTH);
    boolean compressed = Decompression.isCompressed(content.readNBytes(MAGIC_LENGTH));
    content.reset();
    OutputStream kept = new Unclosed(Channels.newOutputStream(file));
    try (OutputStream out =
        new BufferedOutputStream(
            size < LAYER || compressed ? kept : new ZstdOutputStreamNoFinalizer(kept, LEVEL),
            BUFFER)) {
      content.transferTo(out);
    }
  }

  @Override
  public Optional<Supplier<InputStream>> find(String path) {
    return index.find(path).map(piece -> () -> new BufferedInputStream(new FilePiece(file, piece)));
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The file stays open when what was written to it ends. */
  private static final class Unclosed extends FilterOutputStream {
    private Unclosed(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
      out.write(buffer, offset, length);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
