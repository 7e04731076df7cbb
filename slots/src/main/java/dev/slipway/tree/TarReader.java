package dev.slipway.tree;

import dev.slipway.tree.Entry.Device;
import dev.slipway.tree.Entry.Directory;
import dev.slipway.tree.Entry.Fifo;
import dev.slipway.tree.Entry.HardLink;
import dev.slipway.tree.Entry.RegularFile;
import dev.slipway.tree.Entry.Symlink;
import java.io.InputStream;
import java.util.Optional;

/**
 * Reads a tar archive: v7, ustar, GNU and PAX, with sparse files, names and xattrs as bytes. Paths
 * are normalised; an archive with {@code ..} in a path is refused. Errors are {@link
 * TreeException}s.
 *
 * <p>Formats: POSIX.1-2001 pax, "ustar" and "pax Interchange Format"; the GNU tar manual, "Basic
 * Tar Format" and "Sparse Formats".
 */
public final class TarReader implements EntryStream {
  /** Every entry is looked up in all of them; writers make a handful. */
  private static final int MOST_GLOBAL_RECORDS = 4096;

  /** Far beyond every limit, and small enough that sums of it do not overflow. */
  private static final long MOST_COUNTED = 1L << 62;

  private final TarSource source;
  private final TarLimits limits;
  private final boolean endMarkRequired;

  private PaxRecords global = PaxRecords.NONE;
  private InputStream content = InputStream.nullInputStream();
  private long contentSize;
  private long allocated;
  private long unread;
  private long padding;
  private long entries;
  private long total;
  private boolean ended;

  private TarReader(InputStream in, TarLimits limits, boolean endMarkRequired) {
    this.source = new TarSource(in);
    this.limits = limits;
    this.endMarkRequired = endMarkRequired;
  }

  /** Reads this uncompressed archive, which is closed with the reader. */
  public TarReader(InputStream in) {
    this(in, TarLimits.DEFAULT);
  }

  /** Reads an archive within these limits. */
  public TarReader(InputStream in, TarLimits limits) {
    this(in, limits, true);
  }

  /**
   * Reads an archive that may lack the zero blocks at its end, as some writers of image layers
   * leave it. Only for an archive whose digest is checked: without the end mark nothing else tells
   * when it is cut off between two entries.
   */
  public static TarReader withoutEndMark(InputStream in) {
    return new TarReader(in, TarLimits.DEFAULT, false);
  }

  @Override
  public InputStream content() {
    return content;
  }

  @Override
  public long allocated() {
    return allocated;
  }

  /**
   * Where in the archive, in bytes from its start, the content of the current entry begins. For a
   * file that is not sparse, that and its size say where to read it directly.
   */
  public long contentOffset() {
    return source.position() - (contentSize - unread);
  }

  @Override
  public void close() {
    source.close();
  }

  @Override
  public Optional<Entry> next() {
    if (ended) {
      return Optional.empty();
    }
    skipContent();
    PaxRecords local = PaxRecords.NONE;
    Optional<ByteString> longName = Optional.empty();
    Optional<ByteString> longLink = Optional.empty();
    long describing = 0;
    while (true) {
      Optional<TarHeader> read = header();
      if (read.isEmpty()) {
        ended = true;
        source.drain(limits.totalSize());
        return Optional.empty();
      }
      TarHeader header = read.get();
      if (isExtension(header)) {
        // Empty ones, too, so that no number of them goes on for ever.
        describing += TarHeader.BLOCK + Math.max(0, Math.min(header.size(), MOST_COUNTED));
        requireBounded(describing);
      }
      switch (header.type()) {
        case 'x' -> local = local.with(PaxRecords.parse(extension(header)));
        case 'g' -> global = bounded(global.with(PaxRecords.parse(extension(header))));
        case 'L' -> longName = Optional.of(terminated(extension(header)));
        case 'K' -> longLink = Optional.of(terminated(extension(header)));
        case 'V' -> extension(header);
        default -> {
          return Optional.of(entry(header, global.with(local), longName, longLink));
        }
      }
    }
  }

  private void skipContent() {
    source.skip(unread + padding);
    contentSize = 0;
    allocated = 0;
    unread = 0;
    padding = 0;
    content = InputStream.nullInputStream();
  }

  /** The next header; empty at the end mark, or where the archive may end without one. */
  private Optional<TarHeader> header() {
    boolean first = source.position() == 0;
    byte[] block = source.block();
    if (block.length == 0 && !endMarkRequired && entries > 0) {
      return Optional.empty();
    }
    if (first && block.length > 0 && !TarHeader.isZero(block) && !TarHeader.isHeader(block)) {
      throw new TreeException(
          "This is no tar archive: it does not begin with the header of one. See whether it is the"
              + " right file.");
    }
    if (block.length < TarHeader.BLOCK) {
      throw first && block.length == 0
          ? new TreeException(
              "The tar archive is empty: there is not one byte in it. Fetch or make it again.")
          : TarSource.cutOff();
    }
    if (!TarHeader.isZero(block)) {
      return Optional.of(TarHeader.parse(block));
    }
    byte[] second = source.block();
    if (second.length == TarHeader.BLOCK && !TarHeader.isZero(second)) {
      throw new TreeException(
          "The tar archive is damaged: a lone block of zeros stands in its middle.");
    }
    return Optional.empty();
  }

  /** The data of an entry that only describes the next one. */
  private byte[] extension(TarHeader header) {
    if (header.size() < 0) {
      throw new TreeException("The tar archive is damaged: a header has a negative size.");
    }
    byte[] data = source.bytes((int) header.size());
    source.skip(paddingOf(header.size()));
    return data;
  }

  private PaxRecords bounded(PaxRecords records) {
    requireBounded(records.size());
    if (records.all().size() > MOST_GLOBAL_RECORDS) {
      throw new TreeException(
          "The tar archive has "
              + records.all().size()
              + " global records; Slipway takes at most "
              + MOST_GLOBAL_RECORDS
              + ".");
    }
    return records;
  }

  private static boolean isExtension(TarHeader header) {
    return switch (header.type()) {
      case 'x', 'g', 'L', 'K', 'V' -> true;
      default -> false;
    };
  }

  private void requireBounded(long headerBytes) {
    if (headerBytes > limits.headerBytes()) {
      throw new TreeException(
          "The tar archive has headers of "
              + headerBytes
              + " bytes for one entry; Slipway takes at most "
              + limits.headerBytes()
              + ".");
    }
  }

  private static long paddingOf(long size) {
    return -size & (TarHeader.BLOCK - 1);
  }

  private static ByteString terminated(byte[] data) {
    int end = 0;
    while (end < data.length && data[end] != 0) {
      end++;
    }
    return ByteString.of(data).slice(0, end);
  }

  private Entry entry(
      TarHeader header,
      PaxRecords pax,
      Optional<ByteString> longName,
      Optional<ByteString> longLink) {
    entries++;
    if (entries > limits.entries()) {
      throw new TreeException("The tar archive has more than " + limits.entries() + " entries.");
    }
    ByteString name =
        pax.value("GNU.sparse.name")
            .or(() -> pax.value("path"))
            .or(() -> longName)
            .orElse(header.name());
    ByteString linkName = pax.value("linkpath").or(() -> longLink).orElse(header.linkName());
    TreePath path = path(name);
    Metadata metadata =
        new Metadata(
            header.mode(),
            id(pax.value("uid").map(TarNumber::decimal).orElse(header.uid()), path),
            id(pax.value("gid").map(TarNumber::decimal).orElse(header.gid()), path),
            pax.value("mtime").map(TarNumber::time).orElse(Timestamp.ofSeconds(header.mtime())),
            PaxXattrs.of(pax),
            PaxXattrs.namedAcls(pax));
    return switch (header.type()) {
      case '0', 0, '7' ->
          header.type() == 0 && endsInSlash(name)
              ? new Directory(path, metadata)
              : regularFile(header, pax, path, metadata);
      case 'S' -> {
        SparseMap map = SparseMap.ofOldFormat(header, source, limits);
        yield sparse(path, metadata, map, size(header, pax, path));
      }
      case '1' -> new HardLink(path, path(linkName));
      case '2' -> new Symlink(path, metadata, linkTarget(linkName, path));
      case '3' -> new Device(path, metadata, Device.Kind.CHARACTER, header.major(), header.minor());
      case '4' -> new Device(path, metadata, Device.Kind.BLOCK, header.major(), header.minor());
      case '5' -> new Directory(path, metadata);
      case '6' -> new Fifo(path, metadata);
      case 'D' -> {
        // GNU's incremental archives put the directory's list of names behind it.
        store(size(header, pax, path));
        yield new Directory(path, metadata);
      }
      default ->
          throw new TreeException(
              "The tar archive has "
                  + path
                  + " as an entry of type \""
                  + ByteString.of(new byte[] {(byte) header.type()})
                  + "\", which Slipway does not know. Make the archive with GNU tar, in one volume.");
    };
  }

  private Entry regularFile(TarHeader header, PaxRecords pax, TreePath path, Metadata metadata) {
    long[] stored = {size(header, pax, path)};
    Optional<SparseMap> map = SparseMap.ofPax(pax, source, stored, limits);
    if (map.isPresent()) {
      return sparse(path, metadata, map.get(), stored[0]);
    }
    count(path, stored[0]);
    store(stored[0]);
    content = new Stored();
    allocated = stored[0];
    return new RegularFile(path, metadata, stored[0]);
  }

  private Entry sparse(TreePath path, Metadata metadata, SparseMap map, long stored) {
    if (map.storedSize() != stored) {
      throw new TreeException(
          "The tar archive is damaged: the map of the sparse file "
              + path
              + " does not fit its data.");
    }
    count(path, map.realSize());
    store(stored);
    content = new SparseContent(new Stored(), map);
    allocated = map.allocated();
    return new RegularFile(path, metadata, map.realSize());
  }

  private void count(TreePath path, long size) {
    total += size;
    if (total > limits.totalSize()) {
      throw new TreeException(
          "The files of the tar archive come to more than "
              + limits.totalSize()
              + " bytes with "
              + path
              + ", holes included; Slipway takes no more from one archive. Leave large empty files out"
              + " of it, or do not trust whoever made it.");
    }
  }

  private void store(long size) {
    contentSize = size;
    unread = size;
    padding = paddingOf(size);
  }

  private long size(TarHeader header, PaxRecords pax, TreePath path) {
    long size = pax.value("size").map(TarNumber::decimal).orElse(header.size());
    if (size < 0 || size > limits.fileSize()) {
      throw new TreeException(
          "The tar archive has "
              + path
              + " with "
              + size
              + " bytes; Slipway takes at most "
              + limits.fileSize()
              + ".");
    }
    return size;
  }

  private static TreePath path(ByteString name) {
    TreePath path = TreePath.of(name.toBytes());
    if (path.bytes().length() > TarLimits.PATH || path.longestName() > TarLimits.NAME) {
      throw new TreeException(
          "The tar archive has a path that is longer than Linux can have ("
              + path.bytes().length()
              + " bytes): "
              + path.bytes().slice(0, Math.min(path.bytes().length(), TarLimits.NAME))
              + "...");
    }
    return path;
  }

  private static ByteString linkTarget(ByteString target, TreePath path) {
    if (target.length() == 0 || target.length() > TarLimits.PATH || target.contains((byte) 0)) {
      throw new TreeException(
          "The tar archive has a link without a possible target: " + path + ".");
    }
    return target;
  }

  private static long id(long id, TreePath path) {
    if (id < 0 || id >= 0xffffffffL) {
      throw new TreeException(
          "The tar archive has an owner or group that Linux cannot have ("
              + id
              + "): "
              + path
              + ".");
    }
    return id;
  }

  private static boolean endsInSlash(ByteString name) {
    return name.length() > 0 && name.at(name.length() - 1) == '/';
  }

  /** The bytes that the archive holds of the current entry. */
  private final class Stored extends InputStream {
    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      if (unread == 0) {
        return -1;
      }
      int count = source.read(buffer, offset, (int) Math.min(length, unread));
      unread -= count;
      return count;
    }
  }
}
