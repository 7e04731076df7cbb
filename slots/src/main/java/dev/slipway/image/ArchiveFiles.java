package dev.slipway.image;

import dev.slipway.tree.Entry;
import dev.slipway.tree.Entry.HardLink;
import dev.slipway.tree.Entry.RegularFile;
import dev.slipway.tree.Entry.Symlink;
import dev.slipway.tree.TarReader;
import dev.slipway.tree.TreeException;
import dev.slipway.tree.TreePath;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * An image in an uncompressed tar archive: indexed once, then read where its parts lie. Nothing is
 * unpacked.
 */
final class ArchiveFiles implements ImageFiles {
  /** A file's bytes in the archive. */
  private record Piece(long offset, long size) {}

  private static final int MAGIC_LENGTH = 6;
  private static final int MAX_LINKS = 10;

  private final Path archive;
  private final Map<TreePath, Piece> pieces = new HashMap<>();
  private final Map<TreePath, TreePath> links = new HashMap<>();

  private ArchiveFiles(Path archive) {
    this.archive = archive;
  }

  /** Indexes the archive; {@code reference} is what messages call it. */
  static ArchiveFiles open(Path archive, String reference) {
    ArchiveFiles files = new ArchiveFiles(archive);
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
        Entry entry = next.get();
        if (entry instanceof RegularFile file) {
          pieces.put(file.path(), new Piece(reader.contentOffset(), file.size()));
        } else if (entry instanceof HardLink link) {
          links.put(link.path(), link.target());
        } else if (entry instanceof Symlink link) {
          // docker save of old stores a layer that several images share once, and links to it as
          // ../ID/layer.tar.
          target(link).ifPresent(target -> links.put(link.path(), target));
        }
      }
    }
  }

  private static Optional<TreePath> target(Symlink link) {
    String target = link.target().toText();
    TreePath base = link.path().parent();
    while (target.startsWith("../")) {
      target = target.substring(3);
      base = base.parent();
    }
    return target.contains("..") || target.startsWith("/")
        ? Optional.empty()
        : Optional.of(base.resolve(target));
  }

  @Override
  public Optional<Supplier<InputStream>> find(String path) {
    TreePath place = TreePath.of(path);
    for (int i = 0; i < MAX_LINKS && !pieces.containsKey(place) && links.containsKey(place); i++) {
      place = links.get(place);
    }
    return Optional.ofNullable(pieces.get(place)).map(piece -> () -> open(piece));
  }

  private InputStream open(Piece piece) {
    try {
      FileChannel channel = FileChannel.open(archive, StandardOpenOption.READ);
      channel.position(piece.offset());
      return new BufferedInputStream(new Bounded(Channels.newInputStream(channel), piece.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first so many bytes of a stream. */
  private static final class Bounded extends FilterInputStream {
    private long left;

    private Bounded(InputStream in, long size) {
      super(in);
      this.left = size;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int count = in.read(buffer, offset, (int) Math.min(length, left));
      left -= Math.max(0, count);
      return count;
    }

    @Override
    public long skip(long count) throws IOException {
      long skipped = in.skip(Math.min(count, left));
      left -= skipped;
      return skipped;
    }

    @Override
    public int available() throws IOException {
      return (int) Math.min(in.available(), left);
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
