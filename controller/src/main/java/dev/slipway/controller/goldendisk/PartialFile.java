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
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A file that is being made in the directory where it will stand, and gets its name only when it is
 * whole. Until then an older file of that name stays, and what was made is gone when this is closed
 * or the process dies in whatever way.
 *
 * <p>That takes a file without a name. Where the file system knows none, it is {@code
 * TARGET.partial}, which a killed process leaves behind and the next one replaces.
 */
public final class PartialFile implements AutoCloseable {
  private final Path target;
  private final OpenFile file;

  /** The name that it has meanwhile, if it needs one. */
  private Optional<Path> name;

  private PartialFile(Path target, OpenFile file, Optional<Path> name) {
    this.target = target;
    this.file = file;
    this.name = name;
  }

  /**
   * Refuses a target that could never be written: no directory, or none to write in, or something
   * else than a file there.
   */
  public static void requirePossible(Path target) {
    Path directory = target.toAbsolutePath().getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      throw new OperatorError(
          "The directory of " + target + " does not exist; make it first, or name another file.");
    }
    if (!Files.isWritable(directory)) {
      throw new OperatorError(
          target
              + " cannot be written: its directory is on a read-only file system or belongs to"
              + " somebody else. Name a file in another directory.");
    }
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      throw new OperatorError(
          target + " is there and is not a regular file; name a file for the output.");
    }
  }

  /** Starts it, empty. */
  public static PartialFile of(Path target) {
    return of(target, ".partial");
  }

  private static PartialFile of(Path target, String suffix) {
    requirePossible(target);
    try {
      return OpenFile.unnamed(target.toAbsolutePath().getParent())
          .map(file -> new PartialFile(target, file, Optional.empty()))
          .orElseGet(() -> named(target, suffix));
    } catch (SystemCallException e) {
      throw new OperatorError(target + " cannot be written: " + e.getMessage(), e);
    }
  }

  /** Starts it as a file that has the target's name with a suffix. */
  static PartialFile named(Path target, String suffix) {
    Path name = beside(target, suffix);
    Optional<OpenFile> locked = Optional.empty();
    while (locked.isEmpty()) {
      locked = lock(name);
    }
    locked.get().truncate(0);
    return new PartialFile(target, locked.get(), Optional.of(name));
  }

  /**
   * Opens and locks it. Empty when another build completed or deleted it in between: what is locked
   * then is that build's disk, or no file any more.
   */
  private static Optional<OpenFile> lock(Path name) {
    OpenFile file = OpenFile.openOrCreate(name);
    try {
      if (!file.tryLock()) {
        throw new OperatorError(
            "Another build is writing " + name + " right now; wait for it, or name another file.");
      }
      if (file.isAt(name)) {
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
  public Path path() {
    return name.orElseGet(file::reopenable);
  }

  /** It is whole: flushes it and gives it its name. */
  public void complete() {
    file.flush();
    try {
      Path whole = name.orElseGet(this::giveAnyName);
      // Once moved it is the target, which closing must leave alone.
      name = Optional.of(whole);
      Files.move(whole, target, StandardCopyOption.ATOMIC_MOVE);
      name = Optional.empty();
      try (FileChannel directory =
          FileChannel.open(target.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
        directory.force(true);
      }
    } catch (IOException | SystemCallException e) {
      throw new OperatorError(target + " could not be completed: " + e.getMessage() + ".", e);
    }
  }

  /** A file that is linked cannot take the place of another; one that is moved can. */
  private Path giveAnyName() {
    Path any = beside(target, "." + UUID.randomUUID());
    file.link(any);
    return any;
  }

  /**
   * It is whole, and what stands under the name shall be made of it: that gets the name, and this
   * goes when it is closed.
   *
   * @param conversion writes to the path that it is given what it makes of the file at {@link
   *     #path}
   */
  void completeBy(Consumer<Path> conversion) {
    try (PartialFile made =
        name.isPresent() ? named(target, ".converted") : of(target, ".converted")) {
      // The lock of this one keeps others away; one of ours would keep QEMU away, too.
      made.file.unlock();
      conversion.accept(made.path());
      made.complete();
    }
  }

  private static Path beside(Path target, String suffix) {
    return target.resolveSibling(target.getFileName() + suffix);
  }

  @Override
  public void close() {
    try (file) {
      if (name.isPresent()) {
        Files.deleteIfExists(name.get());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
