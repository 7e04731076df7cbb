package dev.slipway.controller.goldendisk;

import dev.slipway.linux.OpenFile;
import dev.slipway.linux.OperatorError;
import dev.slipway.linux.SystemCallException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A file that is being made beside the place where it will stand, and gets its name only when it is
 * whole. Until then an older file of that name stays; unless completed, closing deletes what was
 * made.
 */
public final class PartialFile implements AutoCloseable {
  private final Path target;
  private final Path path;
  private final OpenFile file;
  private boolean completed;

  private PartialFile(Path target, Path path, OpenFile file) {
    this.target = target;
    this.path = path;
    this.file = file;
  }

  /**
   * Refuses a target that could never be written: no directory to write in, or something else than
   * a file there.
   */
  public static void requirePossible(Path target) {
    Path directory = target.toAbsolutePath().getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      throw new OperatorError(
          "The directory of " + target + " does not exist; make it first, or name another file.");
    }
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      throw new OperatorError(
          target + " is there and is not a regular file; name a file for the output.");
    }
  }

  /**
   * Starts {@code TARGET.partial}, empty. What an earlier, killed run left under that name is
   * replaced.
   */
  static PartialFile of(Path target) {
    requirePossible(target);
    Path path = target.resolveSibling(target.getFileName() + ".partial");
    try {
      Optional<OpenFile> locked = Optional.empty();
      while (locked.isEmpty()) {
        locked = lock(path);
      }
      locked.get().truncate(0);
      return new PartialFile(target, path, locked.get());
    } catch (SystemCallException e) {
      throw new OperatorError(path + " cannot be written: " + e.getMessage(), e);
    }
  }

  /**
   * Opens and locks it. Empty when another build completed or deleted it in between: what is locked
   * then is that build's disk, or no file any more.
   */
  private static Optional<OpenFile> lock(Path path) {
    OpenFile file = OpenFile.openOrCreate(path);
    try {
      if (!file.tryLock()) {
        throw new OperatorError(
            "Another build is writing " + path + " right now; wait for it, or name another file.");
      }
      if (file.isAt(path)) {
        return Optional.of(file);
      }
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
    file.close();
    return Optional.empty();
  }

  /** Makes it so long, without using space for it. */
  void resize(long bytes) {
    file.truncate(bytes);
  }

  /** Where it is being made. */
  Path path() {
    return path;
  }

  /** It is whole: flushes it and gives it its name. */
  void complete() {
    file.flush();
    giveItsName(path);
    completed = true;
  }

  /**
   * It is whole, and what stands under the name shall be made of it: that gets the name, and this
   * goes when it is closed.
   *
   * @param conversion writes to the path that it is given what it makes of the file at {@link
   *     #path}
   */
  void completeBy(Consumer<Path> conversion) {
    Path made = target.resolveSibling(target.getFileName() + ".converted");
    if (Files.exists(made) && !Files.isRegularFile(made)) {
      throw new OperatorError(
          made
              + " is in the way of the build and is not a file; remove it, or name another output.");
    }
    try {
      try {
        conversion.accept(made);
        try (OpenFile whole = OpenFile.openToRead(made)) {
          whole.flush();
        }
        giveItsName(made);
      } finally {
        Files.deleteIfExists(made);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void giveItsName(Path whole) {
    try {
      Files.move(whole, target, StandardCopyOption.ATOMIC_MOVE);
      try (FileChannel directory =
          FileChannel.open(target.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
        directory.force(true);
      }
    } catch (IOException e) {
      throw new OperatorError(
          whole + " could not be completed as " + target + ": " + e.getMessage() + ".", e);
    }
  }

  @Override
  public void close() {
    try (file) {
      if (!completed) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
