package dev.slipway.tree;

import dev.slipway.linux.FileStatus;
import dev.slipway.linux.FileType;
import dev.slipway.linux.OpenDirectory;
import dev.slipway.linux.OpenFile;
import dev.slipway.tree.Entry.Device;
import dev.slipway.tree.Entry.Directory;
import dev.slipway.tree.Entry.Fifo;
import dev.slipway.tree.Entry.HardLink;
import dev.slipway.tree.Entry.RegularFile;
import dev.slipway.tree.Entry.Symlink;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Reads a tree from a directory. */
public final class TreeScanner implements EntryStream {
  /** A directory whose names are being gone through. */
  private record Level(OpenDirectory directory, TreePath path, Iterator<ByteString> names) {}

  private final OpenDirectory root;
  private final long fileSystem;
  private final boolean acrossMounts;
  private final Predicate<TreePath> seen;
  private final Deque<Level> levels = new ArrayDeque<>();
  private final Map<Inode, TreePath> firstNames = new HashMap<>();
  private final FileContent content = new FileContent();
  private boolean started;

  /** What is one file under all its names. */
  private record Inode(long device, long number) {}

  private TreeScanner(OpenDirectory root, boolean acrossMounts, Predicate<TreePath> seen) {
    this.root = root;
    this.acrossMounts = acrossMounts;
    this.seen = seen;
    this.fileSystem = root.self().status().device();
  }

  /**
   * Everything below a directory, itself first as {@link TreePath#ROOT}, in the order of {@link
   * TreePath}. It stays on one file system: of a directory where another is mounted, only the
   * directory is seen. A file with several names is a file at the first and a hard link at the
   * others. Sockets are left out, as they are in archives.
   */
  public static EntryStream of(Path directory) {
    return new TreeScanner(OpenDirectory.open(directory), false, path -> true);
  }

  /**
   * The same with all that is mounted below, and without some paths. What is below a directory that
   * is left out is looked at all the same.
   *
   * @param seen of which paths there shall be an entry
   */
  public static EntryStream acrossMounts(Path directory, Predicate<TreePath> seen) {
    return new TreeScanner(OpenDirectory.open(directory), true, seen);
  }

  @Override
  public Optional<Entry> next() {
    content.closeFile();
    if (!started) {
      started = true;
      FileStatus status = root.self().status();
      levels.push(level(root, TreePath.ROOT));
      return Optional.of(new Directory(TreePath.ROOT, metadata(status, root.self())));
    }
    while (!levels.isEmpty()) {
      Level level = levels.peek();
      if (!level.names().hasNext()) {
        level.directory().close();
        levels.pop();
        continue;
      }
      Optional<Entry> entry = entry(level, level.names().next());
      if (entry.isPresent()) {
        return entry;
      }
    }
    return Optional.empty();
  }

  private static Level level(OpenDirectory directory, TreePath path) {
    List<ByteString> names = new ArrayList<>();
    directory.names().forEach(name -> names.add(ByteString.of(name)));
    names.sort(null);
    return new Level(directory, path, names.iterator());
  }

  /**
   * The entry of that name; empty for a socket, for what is left out, and for what has gone since
   * the directory was read.
   */
  private Optional<Entry> entry(Level level, ByteString name) {
    TreePath path = level.path().resolve(name);
    byte[] bytes = name.toBytes();
    Optional<FileStatus> found = level.directory().status(bytes);
    if (found.isEmpty() || found.get().type() == FileType.SOCKET) {
      return Optional.empty();
    }
    FileStatus status = found.get();
    if (status.type() == FileType.DIRECTORY) {
      return Optional.of(directory(level, path, bytes, status)).filter(entry -> seen.test(path));
    }
    if (!seen.test(path)) {
      return Optional.empty();
    }
    if (status.links() > 1) {
      TreePath first = firstNames.putIfAbsent(new Inode(status.device(), status.inode()), path);
      if (first != null) {
        return Optional.of(new HardLink(path, first));
      }
    }
    if (status.type() == FileType.REGULAR) {
      OpenFile file = level.directory().openFile(bytes);
      content.open(file, path, status);
      return Optional.of(new RegularFile(path, metadata(status, file), status.size()));
    }
    try (OpenFile file = level.directory().openAny(bytes)) {
      Metadata metadata = metadata(status, file);
      return Optional.of(
          switch (status.type()) {
            case SYMLINK ->
                new Symlink(path, metadata, ByteString.of(level.directory().linkTarget(bytes)));
            case CHARACTER_DEVICE ->
                new Device(path, metadata, Device.Kind.CHARACTER, status.major(), status.minor());
            case BLOCK_DEVICE ->
                new Device(path, metadata, Device.Kind.BLOCK, status.major(), status.minor());
            default -> new Fifo(path, metadata);
          });
    }
  }

  private Entry directory(Level level, TreePath path, byte[] name, FileStatus status) {
    OpenDirectory directory = level.directory().openDirectory(name);
    Entry entry = new Directory(path, metadata(status, directory.self()));
    if (acrossMounts || status.device() == fileSystem) {
      levels.push(level(directory, path));
    } else {
      directory.close();
    }
    return entry;
  }

  private static Metadata metadata(FileStatus status, OpenFile file) {
    SortedMap<ByteString, ByteString> xattrs = new TreeMap<>();
    for (byte[] name : file.attributeNames()) {
      ByteString key = ByteString.of(name);
      if (!Xattrs.isForeign(key)) {
        xattrs.put(key, ByteString.of(file.attribute(name)));
      }
    }
    return new Metadata(
        status.mode(),
        status.uid(),
        status.gid(),
        new Timestamp(status.mtimeSeconds(), status.mtimeNanos()),
        xattrs);
  }

  @Override
  public InputStream content() {
    return content;
  }

  @Override
  public long allocated() {
    return content.allocated();
  }

  @Override
  public void close() {
    content.close();
    levels.forEach(level -> level.directory().close());
    root.close();
  }
}
