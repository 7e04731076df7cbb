package dev.slipway.tree;

import dev.slipway.tree.Entry.Device;
import dev.slipway.tree.Entry.Directory;
import dev.slipway.tree.Entry.Fifo;
import dev.slipway.tree.Entry.HardLink;
import dev.slipway.tree.Entry.RegularFile;
import dev.slipway.tree.Entry.Symlink;
import dev.slipway.tree.Entry.WithMetadata;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Writes a tar archive: ustar headers, and PAX records for what those cannot hold (long names,
 * nanoseconds, xattrs, large numbers). The same entries give the same bytes. Holes are written as
 * zeros.
 */
public final class TarWriter {
  private static final int BLOCK = TarHeader.BLOCK;
  private static final int BUFFER = 128 * 1024;
  private static final int NAME_FIELD = 100;
  private static final long LARGEST_ID = 07777777;
  private static final long LARGEST_SIZE = 077777777777L;

  private static final Metadata UNKNOWN = Metadata.of(0, 0, 0, Timestamp.EPOCH);

  private final OutputStream out;

  /**
   * What a hard link to each file says of it, for not everyone who reads an archive ignores that:
   * Docker gives the file the mode and time of the last of its names.
   */
  private final Map<TreePath, Metadata> linkable = new HashMap<>();

  private final byte[] buffer = new byte[BUFFER];

  private TarWriter(OutputStream out) {
    this.out = out;
  }

  /** Writes all entries of the stream and the archive's end. Neither stream is closed. */
  public static void write(EntryStream entries, OutputStream out) {
    TarWriter writer = new TarWriter(out);
    try {
      for (Optional<Entry> next = entries.next(); next.isPresent(); next = entries.next()) {
        writer.write(next.get(), entries.content());
      }
      out.write(new byte[2 * BLOCK]);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(Entry entry, InputStream content) throws IOException {
    if (entry instanceof HardLink link) {
      byte[] target = link.target().bytes().toBytes();
      Metadata ofFile = linkable.getOrDefault(link.target(), UNKNOWN);
      writeHeader(name(entry), '1', ofFile, 0, target, 0, 0);
      return;
    }
    Metadata metadata = ((WithMetadata) entry).metadata();
    if (!(entry instanceof Directory)) {
      linkable.put(
          entry.path(),
          Metadata.of(metadata.mode(), metadata.uid(), metadata.gid(), metadata.modified()));
    }
    byte[] name = name(entry);
    byte[] noTarget = new byte[0];
    if (entry instanceof RegularFile file) {
      writeHeader(name, '0', metadata, file.size(), noTarget, 0, 0);
      copy(content, file);
    } else if (entry instanceof Directory) {
      writeHeader(name, '5', metadata, 0, noTarget, 0, 0);
    } else if (entry instanceof Symlink link) {
      writeHeader(name, '2', metadata, 0, link.target().toBytes(), 0, 0);
    } else if (entry instanceof Device device) {
      char type = device.kind() == Device.Kind.CHARACTER ? '3' : '4';
      writeHeader(name, type, metadata, 0, noTarget, device.major(), device.minor());
    } else if (entry instanceof Fifo) {
      writeHeader(name, '6', metadata, 0, noTarget, 0, 0);
    }
  }

  /** {@code ./} for the root, and a final slash for directories, as other tools expect it. */
  private static byte[] name(Entry entry) {
    ByteArrayOutputStream name = new ByteArrayOutputStream();
    name.writeBytes(entry.path().isRoot() ? new byte[] {'.'} : entry.path().bytes().toBytes());
    if (entry instanceof Directory) {
      name.write('/');
    }
    return name.toByteArray();
  }

  private void writeHeader(
      byte[] name, char type, Metadata metadata, long size, byte[] target, int major, int minor)
      throws IOException {
    byte[] records = records(name, metadata, size, target);
    if (records.length > 0) {
      byte[] header = header("pax".getBytes(StandardCharsets.US_ASCII), 'x', new byte[0]);
      octal(header, 124, 12, records.length);
      finish(header);
      out.write(records);
      pad(records.length);
    }
    byte[] header = header(name, type, target);
    octal(header, 100, 8, metadata.mode());
    octal(header, 108, 8, Math.min(metadata.uid(), LARGEST_ID));
    octal(header, 116, 8, Math.min(metadata.gid(), LARGEST_ID));
    octal(header, 124, 12, Math.min(size, LARGEST_SIZE));
    octal(header, 136, 12, Math.max(0, Math.min(metadata.modified().seconds(), LARGEST_SIZE)));
    octal(header, 329, 8, major);
    octal(header, 337, 8, minor);
    finish(header);
  }

  /** What does not fit the header. */
  private static byte[] records(byte[] name, Metadata metadata, long size, byte[] target) {
    ByteArrayOutputStream records = new ByteArrayOutputStream();
    if (name.length > NAME_FIELD) {
      record(records, "path", name);
    }
    if (target.length > NAME_FIELD) {
      record(records, "linkpath", target);
    }
    if (size > LARGEST_SIZE) {
      record(records, "size", size);
    }
    if (metadata.uid() > LARGEST_ID) {
      record(records, "uid", metadata.uid());
    }
    if (metadata.gid() > LARGEST_ID) {
      record(records, "gid", metadata.gid());
    }
    Timestamp modified = metadata.modified();
    if (modified.nanos() != 0 || modified.seconds() < 0 || modified.seconds() > LARGEST_SIZE) {
      record(records, "mtime", TarNumber.text(modified).getBytes(StandardCharsets.US_ASCII));
    }
    metadata
        .xattrs()
        .forEach(
            (key, value) ->
                record(
                    records,
                    ByteString.of(PaxXattrs.SCHILY),
                    PaxXattrs.escaped(key),
                    value.toBytes()));
    return records.toByteArray();
  }

  private static void record(ByteArrayOutputStream records, String key, long value) {
    record(records, key, Long.toString(value).getBytes(StandardCharsets.US_ASCII));
  }

  private static void record(ByteArrayOutputStream records, String key, byte[] value) {
    record(records, ByteString.of(key), ByteString.of(""), value);
  }

  private static void record(
      ByteArrayOutputStream records, ByteString prefix, ByteString key, byte[] value) {
    // Space, equals sign and newline, and the length's own digits, which may add one more.
    int bare = prefix.length() + key.length() + value.length + 3;
    int length = bare + Integer.toString(bare).length();
    length = bare + Integer.toString(length).length();
    records.writeBytes((length + " ").getBytes(StandardCharsets.US_ASCII));
    records.writeBytes(prefix.toBytes());
    records.writeBytes(key.toBytes());
    records.write('=');
    records.writeBytes(value);
    records.write('\n');
  }

  private static byte[] header(byte[] name, char type, byte[] target) {
    byte[] header = new byte[BLOCK];
    System.arraycopy(name, 0, header, 0, Math.min(name.length, NAME_FIELD));
    octal(header, 100, 8, 0);
    octal(header, 108, 8, 0);
    octal(header, 116, 8, 0);
    octal(header, 136, 12, 0);
    header[156] = (byte) type;
    System.arraycopy(target, 0, header, 157, Math.min(target.length, NAME_FIELD));
    byte[] magic = "ustar\00000".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(magic, 0, header, 257, magic.length);
    octal(header, 329, 8, 0);
    octal(header, 337, 8, 0);
    return header;
  }

  /** Digits with leading zeros and a final zero byte. */
  private static void octal(byte[] header, int offset, int length, long value) {
    long rest = value;
    for (int i = offset + length - 2; i >= offset; i--) {
      header[i] = (byte) ('0' + (rest & 7));
      rest >>= 3;
    }
    header[offset + length - 1] = 0;
  }

  private void finish(byte[] header) throws IOException {
    java.util.Arrays.fill(header, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    octal(header, 148, 7, sum);
    out.write(header);
  }

  private void copy(InputStream content, RegularFile file) throws IOException {
    long left = file.size();
    while (left > 0) {
      int count = content.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (count < 0) {
        throw new TreeException(file.path() + " ended " + left + " bytes early while it was read.");
      }
      out.write(buffer, 0, count);
      left -= count;
    }
    pad(file.size());
  }

  private void pad(long size) throws IOException {
    out.write(new byte[(int) (-size & (BLOCK - 1))]);
  }
}
