package dev.slipway.controller.goldendisk;

import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file that is being made beside the place where it will stand, and gets its name only when it is
 * whole. Until then an older file of that name stays; unless completed, closing deletes what was
 * made.
 */
public final class PartialFile implements AutoCloseable {
  private final Path target;
  private final Path path;
  private final FileChannel channel;
  private boolean completed;

  private PartialFile(Path target, Path path, FileChannel channel) {
    this.target = target;
    this.path = path;
    this.channel = channel;
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
      FileChannel channel =
          FileChannel.open(
              path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (!locked(channel)) {
        channel.close();
        throw new OperatorError(
            "Another build is writing " + path + " right now; wait for it, or name another file.");
      }
      channel.truncate(0);
      return new PartialFile(target, path, channel);
    } catch (IOException e) {
      throw new OperatorError(path + " cannot be written: " + e.getMessage() + ".", e);
    }
  }

  /** The lock goes with the channel, also when the process dies. */
  private static boolean locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /** Makes it so long, without using space for it. */
  void resize(long bytes) {
    try (var file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it is being made. */
  Path path() {
    return path;
  }

  /** It is whole: flushes it and gives it its name. */
  void complete() {
    try {
      channel.force(true);
      Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
      completed = true;
      try (FileChannel directory =
          FileChannel.open(target.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
        directory.force(true);
      }
    } catch (IOException e) {
      throw new OperatorError(
          path + " could not be completed as " + target + ": " + e.getMessage() + ".", e);
    }
  }

  @Override
  public void close() {
    try (channel) {
      if (!completed) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
