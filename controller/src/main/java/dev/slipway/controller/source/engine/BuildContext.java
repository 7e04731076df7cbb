package dev.slipway.controller.source.engine;

import dev.slipway.linux.OperatorError;
import dev.slipway.tree.ByteString;
import dev.slipway.tree.Entry;
import dev.slipway.tree.Entry.WithMetadata;
import dev.slipway.tree.EntryStream;
import dev.slipway.tree.Metadata;
import dev.slipway.tree.TarWriter;
import dev.slipway.tree.TreePath;
import dev.slipway.tree.TreeScanner;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What a build gets to see of a directory, as a tar that is made while it is sent: everything but
 * what the .dockerignore that holds for its Dockerfile leaves out. As the docker command has it,
 * what is mounted in the directory belongs to it, all of it belongs to root, and of the xattrs only
 * capabilities come along.
 */
final class BuildContext implements AutoCloseable {
  private static final int BUFFER = 256 * 1024;
  private static final ByteString CAPABILITY = ByteString.of("security.capability");

  private final EntryStream entries;
  private final PipedInputStream tar = new PipedInputStream(BUFFER);
  private final PipedOutputStream toTar;
  private final Thread writer = new Thread(this::write, "build-context");
  private volatile Optional<RuntimeException> failure = Optional.empty();

  private BuildContext(EntryStream entries) throws IOException {
    this.entries = entries;
    this.toTar = new PipedOutputStream(tar);
  }

  /**
   * Begins to read the directory.
   *
   * @param dockerfile its path in the directory; it comes along even if it is left out, as does the
   *     directory's .dockerignore: the engine needs them, and leaves them out itself. Where the
   *     Dockerfile has one of its own, that of the directory stays here, for there are engines that
   *     know no other and would follow it
   */
  static BuildContext of(Path directory, Path dockerfile) throws IOException {
    IgnoredPaths ignored = IgnoredPaths.in(directory, dockerfile);
    TreePath always = TreePath.of(dockerfile.toString());
    Predicate<TreePath> seen =
        path ->
            path.isRoot()
                || path.equals(always)
                || (path.equals(IgnoredPaths.FILE)
                    ? !ignored.areOfDockerfile()
                    : !ignored.contains(path.bytes().toText()));
    BuildContext context = new BuildContext(TreeScanner.acrossMounts(directory, seen));
    context.writer.setDaemon(true);
    context.writer.start();
    return context;
  }

  /** The archive. */
  InputStream tar() {
    return tar;
  }

  private void write() {
    try (OutputStream out = toTar;
        entries) {
      TarWriter.write(new OfRoot(entries), out);
    } catch (IOException | UncheckedIOException e) {
      // Nobody reads on; the engine has said why.
    } catch (RuntimeException e) {
      failure = Optional.of(e);
    }
  }

  /**
   * After the build: throws when the directory could not be read, which the engine only sees as an
   * archive that ends early.
   */
  void throwFailure() {
    failure.ifPresent(
        e -> {
          throw e instanceof OperatorError known
              ? known
              : new OperatorError("The directory of a build cannot be read: " + e.getMessage(), e);
        });
  }

  /** Ends the reading, too, wherever it is. */
  @Override
  public void close() throws IOException {
    tar.close();
    try {
      writer.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private record OfRoot(EntryStream entries) implements EntryStream {
    @Override
    public Optional<Entry> next() {
      return entries.next().map(OfRoot::ofRoot);
    }

    private static Entry ofRoot(Entry entry) {
      if (!(entry instanceof WithMetadata owned)) {
        return entry;
      }
      Metadata found = owned.metadata();
      SortedMap<ByteString, ByteString> xattrs = new TreeMap<>(found.xattrs());
      xattrs.keySet().retainAll(Set.of(CAPABILITY));
      return owned.at(owned.path(), new Metadata(found.mode(), 0, 0, found.modified(), xattrs));
    }

    @Override
    public InputStream content() {
      return entries.content();
    }

    @Override
    public long allocated() {
      return entries.allocated();
    }

    @Override
    public void close() {
      entries.close();
    }
  }
}
