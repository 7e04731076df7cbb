package dev.slipway.controller.osimage;

import dev.slipway.linux.Command;
import dev.slipway.linux.Errno;
import dev.slipway.linux.OpenFile;
import dev.slipway.linux.OperatorError;
import dev.slipway.linux.SystemCallException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A directory for something that is made in between, gone with everything in it when this is
 * closed. Only its owner gets in: a tree in it may have set-uid programs of anybody's making.
 *
 * <p>It is locked while it is in use. One that is not was left by a process that was killed, and
 * goes when the next one of its kind is made.
 */
public final class WorkDirectory implements AutoCloseable {
  private final Path path;
  private final OpenFile locked;

  private WorkDirectory(Path path, OpenFile locked) {
    this.path = path;
    this.locked = locked;
  }

  /**
   * Makes a new one.
   *
   * @param parent where there is room for it; made when it is not there
   * @param kind what its name begins with, and that of no other kind
   * @throws OperatorError when there is no working there
   */
  public static WorkDirectory in(Path parent, String kind) {
    try {
      Files.createDirectories(parent);
      removeLeftOver(parent, kind);
      while (true) {
        // Its mode is 0700, which createTempDirectory sees to.
        Path path = Files.createTempDirectory(parent, kind);
        Optional<OpenFile> locked = lock(path);
        // Until it is locked, another process may take it for left over.
        if (locked.isPresent()) {
          return new WorkDirectory(path, locked.get());
        }
      }
    } catch (IOException | SystemCallException e) {
      throw new OperatorError("There is no working in " + parent + ": " + e.getMessage() + ".", e);
    }
  }

  private static void removeLeftOver(Path parent, String kind) throws IOException {
    try (DirectoryStream<Path> ofKind = Files.newDirectoryStream(parent, kind + "*")) {
      for (Path path : ofKind) {
        if (isOurs(path)) {
          lock(path)
              .ifPresent(
                  directory -> {
                    try (directory) {
                      remove(path);
                    }
                  });
        }
      }
    }
  }

  /** Empty when somebody else has it, or it is gone. */
  private static Optional<OpenFile> lock(Path path) {
    OpenFile directory;
    try {
      directory = OpenFile.openToRead(path);
    } catch (SystemCallException e) {
      if (e.is(Errno.ENOENT)) {
        return Optional.empty();
      }
      throw e;
    }
    if (directory.tryLockReadable() && directory.isAt(path)) {
      return Optional.of(directory);
    }
    directory.close();
    return Optional.empty();
  }

  /** In a directory that all may write to, anybody may choose such a name. */
  private static boolean isOurs(Path path) throws IOException {
    try {
      return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
          && Files.getOwner(path, LinkOption.NOFOLLOW_LINKS)
              .getName()
              .equals(System.getProperty("user.name"));
    } catch (NoSuchFileException gone) {
      return false;
    }
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  @Override
  public void close() {
    try (locked) {
      remove(path);
    }
  }

  /** By rm, because names in a tree are bytes, and Java's paths cannot hold all of them. */
  private static void remove(Path path) {
    Command rm = Command.of("rm", "-rf", "--one-file-system", "--", path.toString());
    // Ctrl-C reaches it too, and must not keep it from its work.
    if (rm.runUnchecked().exit() != 0) {
      rm.run();
    }
  }
}
