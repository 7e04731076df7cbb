package dev.slipway.tree;

import dev.slipway.tree.Entry.RegularFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Puts archives together for tests, entry by entry. */
public final class TarBytes {
  private static final Metadata PLAIN = Metadata.of(0644, 0, 0, Timestamp.ofSeconds(1_600_000_000));

  private final List<Entry> entries = new ArrayList<>();
  private final List<byte[]> contents = new ArrayList<>();

  /** A file with this text. */
  public TarBytes file(String path, String content) {
    return file(path, content.getBytes(StandardCharsets.UTF_8));
  }

  /** A file with these bytes. */
  public TarBytes file(String path, byte[] content) {
    return file(new RegularFile(TreePath.of(path), PLAIN, content.length), content);
  }

  /** A file with its own metadata and these bytes. */
  public TarBytes file(RegularFile file, byte[] content) {
    entries.add(file);
    contents.add(content);
    return this;
  }

  /** A directory, mode 0755. */
  public TarBytes directory(String path) {
    return directory(path, 0755);
  }

  /** A directory of this mode. */
  public TarBytes directory(String path, int mode) {
    return add(new Entry.Directory(TreePath.of(path), Metadata.of(mode, 0, 0, PLAIN.modified())));
  }

  /** A symbolic link. */
  public TarBytes link(String path, String target) {
    return add(new Entry.Symlink(TreePath.of(path), PLAIN, ByteString.of(target)));
  }

  /** A hard link. */
  public TarBytes hardLink(String path, String target) {
    return add(new Entry.HardLink(TreePath.of(path), TreePath.of(target)));
  }

  /** Any entry. */
  public TarBytes add(Entry entry) {
    entries.add(entry);
    contents.add(new byte[0]);
    return this;
  }

  /** The entries as a stream. */
  public EntryStream stream() {
    Iterator<Entry> iterator = entries.iterator();
    Iterator<byte[]> bytes = contents.iterator();
    return new EntryStream() {
      private InputStream content = InputStream.nullInputStream();
      private long allocated;

      @Override
      public Optional<Entry> next() {
        if (!iterator.hasNext()) {
          return Optional.empty();
        }
        byte[] stored = bytes.next();
        content = new ByteArrayInputStream(stored);
        allocated = stored.length;
        return Optional.of(iterator.next());
      }

      @Override
      public InputStream content() {
        return content;
      }

      @Override
      public long allocated() {
        return allocated;
      }

      @Override
      public void close() {}
    };
  }

  /** The archive. */
  public byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TarWriter.write(stream(), out);
    return out.toByteArray();
  }
}
