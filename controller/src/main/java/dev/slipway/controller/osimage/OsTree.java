package dev.slipway.controller.osimage;

import dev.slipway.linux.Errno;
import dev.slipway.linux.FileStatus;
import dev.slipway.linux.FileType;
import dev.slipway.linux.OpenDirectory;
import dev.slipway.linux.OpenFile;
import dev.slipway.linux.OperatorError;
import dev.slipway.linux.SystemCallException;
import dev.slipway.linux.TransferBuffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The tree of an operating system as seen from inside: every path is absolute in it, and no link in
 * it leads out to the machine that prepares it. Text is ISO 8859-1, so that bytes of any encoding
 * stay as they are.
 */
final class OsTree implements TreeView, AutoCloseable {
  private static final int LINKS_FOLLOWED = 40;
  private static final int BUFFER = 128 * 1024;

  private final Path location;
  private final OpenDirectory root;

  /** The tree in this directory of the machine. */
  OsTree(Path location) {
    this.location = location;
    this.root = OpenDirectory.open(location);
  }

  /** The directory that it was opened at, for programs that are run on the whole of it. */
  Path location() {
    return location;
  }

  // ---- looking

  /** What stands at the path; a link is a link. */
  Optional<FileType> type(String path) {
    return status(path).map(FileStatus::type);
  }

  /** The status of what stands at the path; a link's own. */
  Optional<FileStatus> status(String path) {
    if (isRoot(path)) {
      return Optional.of(root.self().status());
    }
    try (Place place = new Place(path)) {
      return place.directory().flatMap(directory -> directory.status(place.name()));
    }
  }

  /**
   * Follows links to the path of what is really there; empty when there is nothing, or a circle of
   * links.
   */
  Optional<String> real(String path) {
    String at = withoutFinalSlash(path);
    for (int i = 0; i < LINKS_FOLLOWED; i++) {
      Optional<FileType> type = type(at);
      if (type.isEmpty() || type.get() != FileType.SYMLINK) {
        String here = at;
        return type.map(found -> here);
      }
      String target = linkTarget(at).orElseThrow();
      at = withoutFinalSlash(target.startsWith("/") ? target : parent(at) + "/" + target);
    }
    return Optional.empty();
  }

  @Override
  public boolean isFile(String path) {
    return isReally(path, FileType.REGULAR);
  }

  /** Whether the path leads to a directory, through links too. */
  boolean isDirectory(String path) {
    return isReally(path, FileType.DIRECTORY);
  }

  private boolean isReally(String path, FileType type) {
    return real(path).flatMap(this::type).filter(type::equals).isPresent();
  }

  /** Where the link at the path points, as it stands there; empty when there is no link. */
  Optional<String> linkTarget(String path) {
    try (Place place = new Place(path)) {
      return place
          .directory()
          .filter(directory -> isLink(directory, place.name()))
          .map(directory -> text(directory.linkTarget(place.name())));
    }
  }

  private static boolean isLink(OpenDirectory directory, byte[] name) {
    return directory.status(name).filter(status -> status.type() == FileType.SYMLINK).isPresent();
  }

  @Override
  public List<String> names(String directory) {
    try (OpenDirectory opened = openDirectory(directory).orElse(null)) {
      return opened == null
          ? List.of()
          : opened.names().stream().map(OsTree::text).sorted().toList();
    }
  }

  @Override
  public Optional<String> read(String path) {
    return readBytes(path).map(OsTree::text);
  }

  /** The contents of the file that the path leads to, if it does lead to one. */
  Optional<byte[]> readBytes(String path) {
    Optional<String> real =
        real(path).filter(found -> type(found).equals(Optional.of(FileType.REGULAR)));
    if (real.isEmpty()) {
      return Optional.empty();
    }
    try (Place place = new Place(real.get());
        OpenFile file = place.directory().orElseThrow().openFile(place.name());
        TransferBuffer buffer = new TransferBuffer(BUFFER)) {
      ByteArrayOutputStream content = new ByteArrayOutputStream();
      byte[] chunk = new byte[BUFFER];
      for (int length = file.read(buffer); length > 0; length = file.read(buffer)) {
        buffer.get(0, chunk, 0, length);
        content.write(chunk, 0, length);
      }
      return Optional.of(content.toByteArray());
    }
  }

  // ---- changing

  /**
   * Makes a file, and the directories above it that are missing. What stands there is replaced; a
   * link is replaced, not followed.
   */
  void write(String path, String content, int mode) {
    write(path, bytes(content), mode);
  }

  /** As {@link #write(String, String, int)}. */
  void write(String path, byte[] content, int mode) {
    write(path, new java.io.ByteArrayInputStream(content), mode);
  }

  /** Copies a file of this machine to the path, as {@link #write(String, String, int)}. */
  void copyIn(Path file, String path, int mode) {
    try (InputStream content = Files.newInputStream(file)) {
      write(path, content, mode);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Copies a file of the tree to another place in it. */
  void copy(String from, String to, int mode) {
    write(
        to,
        readBytes(from).orElseThrow(() -> new OperatorError(from + " is not in the image.")),
        mode);
  }

  private void write(String path, InputStream content, int mode) {
    delete(path);
    makeDirectories(parent(path));
    try (Place place = new Place(path);
        OpenFile file = place.directory().orElseThrow().createFile(place.name());
        TransferBuffer buffer = new TransferBuffer(BUFFER)) {
      byte[] chunk = new byte[BUFFER];
      for (int length = content.read(chunk); length > 0; length = content.read(chunk)) {
        buffer.put(chunk, 0, length);
        file.write(buffer, 0, length);
      }
      file.chmod(mode);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Gives the file that the path leads to other contents; owner and mode stay. Returns the path of
   * the file itself.
   */
  String edit(String path, String content) {
    String real = real(path).orElseThrow();
    FileStatus before = status(real).orElseThrow();
    write(real, content, before.mode());
    try (Place place = new Place(real)) {
      OpenDirectory directory = place.directory().orElseThrow();
      directory.chown(place.name(), before.uid(), before.gid());
      directory.chmod(place.name(), before.mode());
      return below(directory) + "/" + text(place.name());
    }
  }

  /** The path of a directory of the tree, without links and steps upwards; empty for the root. */
  private String below(OpenDirectory directory) {
    return text(directory.currentPath()).substring(text(root.currentPath()).length());
  }

  /** Gives a file another place, with all that is known of it; what stands there is replaced. */
  void move(String from, String to) {
    delete(to);
    makeDirectories(parent(to));
    try (Place old = new Place(from);
        Place place = new Place(to)) {
      OpenDirectory above = old.directory().orElseThrow();
      place.directory().orElseThrow().makeHardLink(place.name(), above, old.name());
      above.unlink(old.name());
    }
  }

  /** Makes a symbolic link; what stands there is replaced. */
  void link(String path, String target) {
    delete(path);
    makeDirectories(parent(path));
    try (Place place = new Place(path)) {
      place.directory().orElseThrow().makeSymlink(place.name(), bytes(target));
    }
  }

  /** Removes what stands at the path, a directory with all that is in it; a link only itself. */
  void delete(String path) {
    if (type(path).isEmpty()) {
      return;
    }
    try (Place place = new Place(path)) {
      deleteIn(place.directory().orElseThrow(), place.name());
    }
  }

  private static void deleteIn(OpenDirectory directory, byte[] name) {
    boolean isDirectory =
        directory.status(name).filter(s -> s.type() == FileType.DIRECTORY).isPresent();
    if (!isDirectory) {
      directory.unlink(name);
      return;
    }
    try (OpenDirectory inside = directory.openDirectory(name)) {
      for (byte[] child : inside.names()) {
        deleteIn(inside, child);
      }
    }
    directory.removeDirectory(name);
  }

  /** Makes a directory (0755, root's) and those above it that are missing. */
  void makeDirectories(String path) {
    if (isRoot(path) || isDirectory(path)) {
      return;
    }
    makeDirectories(parent(path));
    makeDirectory(path, 0755);
  }

  /** Makes one directory with this mode. */
  void makeDirectory(String path, int mode) {
    try (Place place = new Place(path)) {
      OpenDirectory above = place.directory().orElseThrow();
      above.makeDirectory(place.name());
      above.chmod(place.name(), mode);
    }
  }

  /**
   * Sets the twelve permission bits of what stands at the path.
   *
   * @throws IllegalArgumentException for a link, which would lead out of the tree
   */
  void chmod(String path, int mode) {
    if (type(path).filter(FileType.SYMLINK::equals).isPresent()) {
      throw new IllegalArgumentException(path + " is a link and has no mode of its own");
    }
    try (Place place = new Place(path)) {
      place.directory().orElseThrow().chmod(place.name(), mode);
    }
  }

  @Override
  public void close() {
    root.close();
  }

  // ---- paths

  private Optional<OpenDirectory> openDirectory(String path) {
    try {
      return root.below(bytes(path));
    } catch (SystemCallException e) {
      if (e.is(Errno.ENOTDIR) || e.is(Errno.ELOOP)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** A link's target may end in a slash; then it names a directory. */
  private static String withoutFinalSlash(String path) {
    return isRoot(path) ? "/" : path.replaceFirst("/+$", "");
  }

  private static boolean isRoot(String path) {
    return path.replace("/", "").isEmpty();
  }

  private static String parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash <= 0 ? "/" : path.substring(0, slash);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** A name in its directory, which is held open. */
  private final class Place implements AutoCloseable {
    private final Optional<OpenDirectory> directory;
    private final byte[] name;

    Place(String written) {
      String path = withoutFinalSlash(written);
      String[] parts = path.split("/+", -1);
      String last = parts[parts.length - 1];
      if (!path.startsWith("/") || last.isEmpty()) {
        throw new IllegalArgumentException("not an absolute path of a name: " + path);
      }
      if (Arrays.asList(".", "..").contains(last)) {
        // Only a link's target can end so; as a directory it has another name.
        this.directory = openDirectory(path);
        this.name = bytes(".");
      } else {
        this.directory = openDirectory(parent(path));
        this.name = bytes(last);
      }
    }

    Optional<OpenDirectory> directory() {
      return directory;
    }

    byte[] name() {
      return name;
    }

    @Override
    public void close() {
      directory.ifPresent(OpenDirectory::close);
    }
  }
}
