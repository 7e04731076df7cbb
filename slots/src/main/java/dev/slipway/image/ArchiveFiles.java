package dev.slipway.image;

import dev.slipway.tree.Entry;
import dev.slipway.tree.Entry.RegularFile;
import dev.slipway.tree.TarReader;
import dev.slipway.tree.TreeException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * An image in an uncompressed tar archive: indexed once, then read where its parts lie. Nothing is
 * unpacked.
 */
final class ArchiveFiles implements ImageFiles {
  private static final int MAGIC_LENGTH = 6;

  private final Path archive;
  private final ArchiveIndex index = new ArchiveIndex();

  private ArchiveFiles(Path archive) {
    this.archive = archive;
  }

  /** Indexes the archive; {@code reference} is what messages call it. */
  static ArchiveFiles open(Path archive, String reference) {
    ArchiveFiles files = new ArchiveFiles(archive);
    ForeignFile.refuse(archive, reference);
    try {
      refuseCompressed(archive, reference);
      files.index();
      return files;
    } catch (TreeException e) {
      throw new ImageException(reference + " cannot be read: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new ImageException(reference + " cannot be read: " + e.getMessage() + ".", e);
    }
  }

  private static void refuseCompressed(Path archive, String reference) throws IOException {
    try (InputStream in = Files.newInputStream(archive)) {
      if (Decompression.isCompressed(in.readNBytes(MAGIC_LENGTH))) {
        throw new ImageException(
            reference
                + " is compressed as a whole, and its parts cannot be found in it. Decompress it first (gunzip, zstd -d,"
                + " xz -d); layers inside may stay compressed.");
      }
    }
  }

  private void index() throws IOException {
    try (TarReader reader = new TarReader(Files.newInputStream(archive))) {
      for (Optional<Entry> next = reader.next(); next.isPresent(); next = reader.next()) {
        if (next.get() instanceof RegularFile file) {
          index.file(file.path(), new ArchiveIndex.Piece(reader.contentOffset(), file.size()));
        } else {
          index.other(next.get());
        }
      }
    }
  }

  @Override
  public Optional<Supplier<InputStream>> find(String path) {
    return index.find(path).map(piece -> () -> open(piece));
  }

  private InputStream open(ArchiveIndex.Piece piece) {
    try {
      FileChannel channel = FileChannel.open(archive, StandardOpenOption.READ);
      return new BufferedInputStream(
          new FilePiece(channel, piece) {
            @Override
            public void close() throws IOException {
              channel.close();
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
