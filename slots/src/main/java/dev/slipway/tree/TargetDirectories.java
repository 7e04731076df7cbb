package dev.slipway.tree;

import dev.slipway.linux.Errno;
import dev.slipway.linux.FileStatus;
import dev.slipway.linux.FileType;
import dev.slipway.linux.OpenDirectory;
import dev.slipway.linux.SystemCallException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The directories of the tree being written, open and ready. Paths lead through links as if the
 * tree's root were the system's root, so {@code lib/x} reaches {@code usr/lib/x} where {@code lib}
 * is a link, and nothing reaches outside.
 */
final class TargetDirectories implements AutoCloseable {
  /** A directory, and where it really is when links on the way are resolved. */
  record Target(OpenDirectory directory, TreePath path) {}

  private static final int KEPT_OPEN = 64;
  private static final int MAX_LINKS = 40;
  private static final ByteString HERE = ByteString.of(".");
  private static final ByteString UP = ByteString.of("..");

  private final Target root;
  private final byte[] rootPath;
  private final Consumer<TreePath> onCreated;
  private final List<OpenDirectory> forgotten = new ArrayList<>();
  private final Map<TreePath, Target> open = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * Below this root, which is closed with this.
   *
   * @param onCreated is told of every directory that had to be made on the way
   */
  TargetDirectories(OpenDirectory root, Consumer<TreePath> onCreated) {
    this.root = new Target(root, TreePath.ROOT);
    this.rootPath = root.currentPath();
    this.onCreated = onCreated;
  }

  Target root() {
    return root;
  }

  /** The directory at this path; empty when there is none. */
  Optional<Target> find(TreePath path) {
    if (path.isRoot()) {
      return Optional.of(root);
    }
    Target known = open.get(path);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<Target> found = lookUp(path);
    found.ifPresent(target -> keep(path, target));
    return found;
  }

  /**
   * The directory at this path; it and those above it are made (0755, root) when they are missing.
   */
  Target require(TreePath path) {
    return find(path).orElseGet(() -> create(path));
  }

  /**
   * Forgets which path leads where: to be called when a directory or link has gone. What it has
   * open stays so until it is called the next time, for the caller may be about to use it.
   */
  void forget() {
    forgotten.forEach(OpenDirectory::close);
    forgotten.clear();
    open.values().forEach(target -> forgotten.add(target.directory()));
    open.clear();
  }

  private void keep(TreePath path, Target target) {
    if (open.size() == KEPT_OPEN) {
      TreePath eldest = open.keySet().iterator().next();
      open.remove(eldest).directory().close();
    }
    open.put(path, target);
  }

  private Optional<Target> lookUp(TreePath path) {
    byte[] bytes = path.bytes().toBytes();
    try {
      return root.directory()
          .belowWithoutLinks(bytes)
          .map(directory -> new Target(directory, path));
    } catch (SystemCallException e) {
      if (e.is(Errno.ELOOP)) {
        return throughLinks(path, bytes);
      }
      throw notADirectory(e, path);
    }
  }

  private Optional<Target> throughLinks(TreePath path, byte[] bytes) {
    try {
      return root.directory()
          .below(bytes)
          .map(directory -> new Target(directory, realPath(directory)));
    } catch (SystemCallException e) {
      throw notADirectory(e, path);
    }
  }

  private TreePath realPath(OpenDirectory directory) {
    byte[] path = directory.currentPath();
    return TreePath.of(
        Arrays.copyOfRange(path, Math.min(rootPath.length, path.length), path.length));
  }

  private static RuntimeException notADirectory(SystemCallException e, TreePath path) {
    if (e.is(Errno.ENOTDIR)) {
      return new TreeException(
          "Something is to be put below "
              + path
              + ", but that, or something above it, is not a directory.",
          e);
    }
    if (e.is(Errno.ELOOP)) {
      return new TreeException("The links on the way to " + path + " lead in a circle.", e);
    }
    return e;
  }

  /** Goes the path name by name, following links by hand, and makes what is missing. */
  private Target create(TreePath path) {
    Deque<ByteString> names = new ArrayDeque<>(path.names());
    TreePath at = TreePath.ROOT;
    int links = 0;
    while (!names.isEmpty()) {
      ByteString name = names.pop();
      if (name.equals(HERE)) {
        continue;
      }
      if (name.equals(UP)) {
        // Only a link's target can say so; above the root is the root.
        at = at.parent();
        continue;
      }
      Target here = find(at).orElseThrow();
      byte[] bytes = name.toBytes();
      Optional<FileStatus> status = here.directory().status(bytes);
      if (status.isEmpty()) {
        make(here.directory(), bytes);
        at = at.resolve(name);
        onCreated.accept(at);
      } else if (status.get().type() == FileType.DIRECTORY) {
        at = at.resolve(name);
      } else if (status.get().type() == FileType.SYMLINK && ++links <= MAX_LINKS) {
        ByteString target = ByteString.of(here.directory().linkTarget(bytes));
        at = target.startsWith("/") ? TreePath.ROOT : at;
        pushAll(names, target);
      } else {
        throw new TreeException(
            "Something is to be put below "
                + path
                + ", but "
                + at.resolve(name)
                + " is not a directory.");
      }
    }
    Target made = find(at).orElseThrow();
    if (!at.equals(path)) {
      // Opened a second time for its second name, so that each name's descriptor can be closed by
      // itself.
      return find(path).orElseThrow();
    }
    return made;
  }

  private static void pushAll(Deque<ByteString> names, ByteString target) {
    Deque<ByteString> parts = new ArrayDeque<>();
    int start = 0;
    for (int i = 0; i <= target.length(); i++) {
      if (i == target.length() || target.at(i) == '/') {
        if (i > start) {
          parts.push(target.slice(start, i));
        }
        start = i + 1;
      }
    }
    parts.forEach(names::push);
  }

  private static void make(OpenDirectory parent, byte[] name) {
    parent.makeDirectory(name);
    try (OpenDirectory made = parent.openDirectory(name)) {
      made.self().chown(0, 0);
      made.self().chmod(0755);
    }
  }

  @Override
  public void close() {
    forgotten.forEach(OpenDirectory::close);
    open.values().forEach(target -> target.directory().close());
    root.directory().close();
  }
}
