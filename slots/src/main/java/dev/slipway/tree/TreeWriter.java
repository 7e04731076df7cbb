package dev.slipway.tree;

import dev.slipway.linux.Errno;
import dev.slipway.linux.FileStatus;
import dev.slipway.linux.FileType;
import dev.slipway.linux.OpenDirectory;
import dev.slipway.linux.OpenFile;
import dev.slipway.linux.SystemCallException;
import dev.slipway.tree.Entry.Device;
import dev.slipway.tree.Entry.Directory;
import dev.slipway.tree.Entry.Fifo;
import dev.slipway.tree.Entry.HardLink;
import dev.slipway.tree.Entry.RegularFile;
import dev.slipway.tree.Entry.Symlink;
import dev.slipway.tree.Entry.WithMetadata;
import dev.slipway.tree.TargetDirectories.Target;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Writes a tree below a directory that no entry can leave: links on the way to an entry are
 * followed as if that directory were the root, and the last name never is. Needs root.
 *
 * <p>Later entries win: anything that is no directory replaces what is there with everything below
 * it; a directory over a directory only changes its owner, mode, times and xattrs. Missing parents
 * are made, mode 0755, owned by root.
 *
 * <p>Entries belong to layers (see {@link #nextLayer}), which matters only to {@link #removeLower}.
 */
public final class TreeWriter implements AutoCloseable {
  private static final Metadata IMPLIED = Metadata.of(0755, 0, 0, Timestamp.EPOCH);
  private static final ByteString DEFAULT_ACL = AclText.DEFAULT;
  private static final int LONGEST_ACCOUNTS = 16 << 20;

  private final TargetDirectories directories;
  private final ManifestIndex index = new ManifestIndex();
  private final NavigableMap<TreePath, Metadata> unfinished = new TreeMap<>();

  /** What the current layer put there with ACLs that wait for the tree's accounts. */
  private final NavigableMap<TreePath, WithMetadata> awaiting = new TreeMap<>();

  private final ContentWriter contents = new ContentWriter();
  private int layer;

  private TreeWriter(OpenDirectory root) {
    this.directories = new TargetDirectories(root, this::created);
    FileStatus status = root.self().status();
    Metadata asFound =
        new Metadata(
            status.mode(),
            status.uid(),
            status.gid(),
            new Timestamp(status.mtimeSeconds(), status.mtimeNanos()),
            new TreeMap<>());
    record(new Directory(TreePath.ROOT, asFound));
  }

  /** Writes below this directory, which need not be empty. */
  public static TreeWriter into(Path directory) {
    return new TreeWriter(OpenDirectory.open(directory));
  }

  /** What is added from here on belongs to a new layer, above all the others. */
  public void nextLayer() {
    applyNamedAcls();
    layer++;
  }

  /** Adds everything that the stream has. */
  public void addAll(EntryStream entries) {
    for (Optional<Entry> next = entries.next(); next.isPresent(); next = entries.next()) {
      add(next.get(), entries.content());
    }
  }

  /**
   * Adds an entry; the content is read only for a regular file.
   *
   * @throws TreeException when it cannot be put there
   */
  public void add(Entry entry, InputStream content) {
    try {
      if (entry.path().isRoot()) {
        addRoot(entry);
        return;
      }
      Target parent = directories.require(entry.path().parent());
      TreePath path = parent.path().resolve(entry.path().name());
      if (entry instanceof HardLink link) {
        addHardLink(link, parent, path);
      } else if (entry instanceof Directory directory) {
        addDirectory(directory.at(path, directory.metadata()), parent.directory());
      } else if (entry instanceof WithMetadata file) {
        addFile(file.at(path, file.metadata()), parent.directory(), content);
      }
    } catch (SystemCallException e) {
      throw explained(entry.path(), e);
    }
  }

  private static TreeException explained(TreePath path, SystemCallException e) {
    if (e.is(Errno.ENOSPC) || e.is(Errno.EDQUOT)) {
      return new TreeException(
          path
              + " does not fit any more: the file system that the tree is written to is full. Make it larger.",
          e);
    }
    if (e.is(Errno.EOPNOTSUPP)) {
      return new TreeException(
          path
              + " carries something that the file system it is written to cannot hold: "
              + e.getMessage(),
          e);
    }
    if (e.is(Errno.EPERM) || e.is(Errno.EACCES)) {
      return new TreeException(
          path + " cannot be written as it should be; writing a tree needs root. " + e.getMessage(),
          e);
    }
    return new TreeException(path + " cannot be written: " + e.getMessage(), e);
  }

  private void addRoot(Entry entry) {
    if (!(entry instanceof Directory root)) {
      throw new TreeException(
          "The tree's root should be a directory, but an entry makes it something else.");
    }
    applyToDirectory(directories.root().directory(), root.metadata());
    record(root);
    await(root);
  }

  private void addDirectory(Directory entry, OpenDirectory parent) {
    byte[] name = entry.path().name().toBytes();
    try {
      parent.makeDirectory(name);
    } catch (SystemCallException e) {
      if (!e.is(Errno.EEXIST)) {
        throw e;
      }
      if (!isDirectory(parent, name)) {
        clear(parent, entry.path());
        parent.makeDirectory(name);
      }
    }
    try (OpenDirectory made = parent.openDirectory(name)) {
      applyToDirectory(made, entry.metadata());
    }
    record(entry);
    await(entry);
  }

  private static boolean isDirectory(OpenDirectory parent, byte[] name) {
    return parent.status(name).filter(status -> status.type() == FileType.DIRECTORY).isPresent();
  }

  // Owner before mode, because chown clears set-id bits; a default ACL only at the end, because
  // everything made in the
  // directory would inherit it.
  private static void applyToDirectory(OpenDirectory directory, Metadata metadata) {
    OpenFile self = directory.self();
    for (byte[] name : self.attributeNames()) {
      ByteString key = ByteString.of(name);
      if (!metadata.xattrs().containsKey(key) && !Xattrs.isForeign(key)) {
        self.removeAttribute(name);
      }
    }
    self.chown(metadata.uid(), metadata.gid());
    self.chmod(metadata.mode());
    metadata
        .xattrs()
        .forEach(
            (name, value) -> {
              if (!name.equals(DEFAULT_ACL)) {
                self.setAttribute(name.toBytes(), value.toBytes());
              }
            });
  }

  private void addHardLink(HardLink link, Target parent, TreePath path) {
    TreePath targetPath = link.target();
    Optional<Target> targetParent = directories.find(targetPath.parent());
    ByteString targetName = targetPath.name();
    Optional<FileStatus> target =
        targetParent.flatMap(directory -> directory.directory().status(targetName.toBytes()));
    if (target.isEmpty() || target.get().type() == FileType.DIRECTORY) {
      throw new TreeException(
          link.path()
              + " should be another name of the file "
              + targetPath
              + ", but there is no such file.");
    }
    TreePath realTarget = targetParent.get().path().resolve(targetName);
    if (realTarget.equals(path)) {
      return;
    }
    byte[] name = path.name().toBytes();
    makeAnew(
        parent.directory(),
        path,
        () -> {
          parent
              .directory()
              .makeHardLink(name, targetParent.get().directory(), targetName.toBytes());
          return path;
        });
    index.link(new HardLink(path, realTarget), layer);
  }

  private void addFile(WithMetadata entry, OpenDirectory parent, InputStream content) {
    TreePath path = entry.path();
    byte[] name = path.name().toBytes();
    Metadata metadata = entry.metadata();
    Optional<Digest> digest = Optional.empty();
    if (entry instanceof RegularFile file) {
      try (OpenFile target = makeAnew(parent, path, () -> parent.createFile(name))) {
        digest = Optional.of(contents.write(file, content, target));
        target.chown(metadata.uid(), metadata.gid());
        target.chmod(metadata.mode());
        setXattrs(target, metadata);
        target.setModified(metadata.modified().seconds(), metadata.modified().nanos());
      }
    } else {
      makeAnew(
          parent,
          path,
          () -> {
            makeSpecial(entry, parent, name);
            return path;
          });
      parent.chown(name, metadata.uid(), metadata.gid());
      if (!(entry instanceof Symlink)) {
        parent.chmod(name, metadata.mode());
      }
      if (!metadata.xattrs().isEmpty()) {
        try (OpenFile made = parent.openAny(name)) {
          setXattrs(made, metadata);
        }
      }
      parent.setModified(name, metadata.modified().seconds(), metadata.modified().nanos());
    }
    index.put(entry, digest, layer);
    await(entry);
  }

  private void await(WithMetadata entry) {
    if (entry.metadata().namedAcls().isEmpty()) {
      awaiting.remove(entry.path());
    } else {
      awaiting.put(entry.path(), entry);
    }
  }

  /**
   * Turns the names in ACLs into numbers. At the end of a layer, for its passwd may come behind the
   * ACLs.
   */
  private void applyNamedAcls() {
    if (awaiting.isEmpty()) {
      return;
    }
    Accounts accounts = Accounts.parse(text("etc/passwd"), text("etc/group"));
    awaiting.forEach(
        (path, entry) -> {
          try {
            applyResolved(path, entry, AclText.resolved(entry.metadata(), accounts));
          } catch (TreeException e) {
            throw new TreeException(path + " cannot be written: " + e.getMessage(), e);
          } catch (SystemCallException e) {
            throw explained(path, e);
          }
        });
    awaiting.clear();
  }

  private void applyResolved(TreePath path, WithMetadata entry, Metadata resolved) {
    index.change(path, resolved);
    if (entry instanceof Directory) {
      applyToDirectory(directories.find(path).orElseThrow().directory(), resolved);
      unfinished.put(path, resolved);
      return;
    }
    OpenDirectory parent = directories.find(path.parent()).orElseThrow().directory();
    try (OpenFile file = parent.openAny(path.name().toBytes())) {
      setXattrs(file, resolved);
    }
  }

  /** What a short file of the tree says; nothing without such a file. */
  private String text(String file) {
    TreePath path = TreePath.of(file);
    byte[] name = path.name().toBytes();
    Optional<OpenDirectory> parent = directories.find(path.parent()).map(Target::directory);
    Optional<FileStatus> status =
        parent
            .flatMap(directory -> directory.status(name))
            .filter(found -> found.type() == FileType.REGULAR);
    if (status.isEmpty()) {
      return "";
    }
    try (FileContent content = new FileContent()) {
      content.open(parent.get().openFile(name), path, status.get());
      return ByteString.of(content.readNBytes(LONGEST_ACCOUNTS)).toText();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void makeSpecial(WithMetadata entry, OpenDirectory parent, byte[] name) {
    if (entry instanceof Symlink link) {
      makeSymlink(link, parent, name);
    } else if (entry instanceof Device device) {
      FileType type =
          device.kind() == Device.Kind.CHARACTER
              ? FileType.CHARACTER_DEVICE
              : FileType.BLOCK_DEVICE;
      parent.makeNode(name, type, device.major(), device.minor());
    } else if (entry instanceof Fifo) {
      parent.makeNode(name, FileType.FIFO, 0, 0);
    }
  }

  private static void makeSymlink(Symlink link, OpenDirectory parent, byte[] name) {
    try {
      parent.makeSymlink(name, link.target().toBytes());
    } catch (SystemCallException e) {
      if (!e.is(Errno.ENAMETOOLONG)) {
        throw e;
      }
      throw new TreeException(
          link.path()
              + " is a link whose target has "
              + link.target().length()
              + " bytes, more than the file system takes that it is written to: xfs takes 1023, ext4"
              + " 4095. Take ext4, or shorten the link.",
          e);
    }
  }

  private static void setXattrs(OpenFile file, Metadata metadata) {
    metadata.xattrs().forEach((name, value) -> file.setAttribute(name.toBytes(), value.toBytes()));
  }

  /** Makes something that must not be there yet; what is there goes first. */
  private <T> T makeAnew(OpenDirectory parent, TreePath path, Supplier<T> make) {
    try {
      return make.get();
    } catch (SystemCallException e) {
      if (!e.is(Errno.EEXIST)) {
        throw e;
      }
      clear(parent, path);
      return make.get();
    }
  }

  /** Removes what is there, with everything below it; nothing happens when nothing is there. */
  public void remove(TreePath path) {
    if (path.isRoot()) {
      throw new IllegalArgumentException("the root of a tree cannot be removed");
    }
    directories
        .find(path.parent())
        .ifPresent(parent -> clear(parent.directory(), parent.path().resolve(path.name())));
  }

  /** Removes a name of which the directory and the real path are known. */
  private void clear(OpenDirectory parent, TreePath path) {
    byte[] name = path.name().toBytes();
    Optional<FileStatus> status = parent.status(name);
    if (status.isPresent()) {
      boolean passable =
          status.get().type() == FileType.DIRECTORY || status.get().type() == FileType.SYMLINK;
      removeTree(parent, name, status.get());
      index.remove(path);
      forget(awaiting, path);
      if (passable) {
        forget(unfinished, path);
        directories.forget();
      }
    }
  }

  private static void forget(NavigableMap<TreePath, ?> paths, TreePath path) {
    Iterator<TreePath> below = paths.tailMap(path, true).keySet().iterator();
    while (below.hasNext() && below.next().startsWith(path)) {
      below.remove();
    }
  }

  private static void removeTree(OpenDirectory parent, byte[] name, FileStatus status) {
    if (status.type() != FileType.DIRECTORY) {
      parent.unlink(name);
      return;
    }
    try (OpenDirectory directory = parent.openDirectory(name)) {
      for (byte[] child : directory.names()) {
        directory.status(child).ifPresent(found -> removeTree(directory, child, found));
      }
    }
    parent.removeDirectory(name);
  }

  /**
   * Removes what layers below the current one put there or below it, and leaves what this layer has
   * put there already: a whiteout hides lower layers only, wherever it stands in its layer.
   */
  public void removeLower(TreePath path) {
    directories
        .find(path.parent())
        .ifPresent(parent -> hideLower(parent.path().resolve(path.name()), true));
  }

  /** Like {@link #removeLower}, but the directory itself stays. */
  public void removeLowerChildren(TreePath directory) {
    directories.find(directory).ifPresent(target -> hideLower(target.path(), false));
  }

  private void hideLower(TreePath path, boolean itself) {
    for (TreePath lower : index.ofLowerLayers(path, layer)) {
      boolean kept = lower.equals(path) && !itself;
      if (!kept && !index.hasChildren(lower)) {
        directories.find(lower.parent()).ifPresent(parent -> clear(parent.directory(), lower));
      }
    }
  }

  private void created(TreePath path) {
    record(new Directory(path, IMPLIED));
  }

  private void record(Directory directory) {
    index.put(directory, Optional.empty(), layer);
    unfinished.put(directory.path(), directory.metadata());
  }

  /**
   * Gives directories what has to wait until everything in them is there, writes everything to the
   * device, and says what was written: the digests are of what the entries' contents were, not of
   * what the device holds now.
   */
  public Manifest finish() {
    applyNamedAcls();
    unfinished.forEach(
        (path, metadata) -> {
          OpenFile directory = directories.find(path).orElseThrow().directory().self();
          Optional.ofNullable(metadata.xattrs().get(DEFAULT_ACL))
              .ifPresent(acl -> directory.setAttribute(DEFAULT_ACL.toBytes(), acl.toBytes()));
          directory.setModified(metadata.modified().seconds(), metadata.modified().nanos());
        });
    unfinished.clear();
    directories.root().directory().syncFileSystem();
    return index.manifest();
  }

  @Override
  public void close() {
    directories.close();
    contents.close();
  }
}
