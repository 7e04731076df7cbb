package dev.slipway.agent.slots;

import dev.slipway.linux.OpenFile;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A lock between processes, and between the threads of one, given up by the kernel when its holder
 * dies.
 */
public final class LockFile {
  private static final long PAUSE_MILLIS = 500;

  private final Path file;
  private final String holder;

  /**
   * @param file made when it is missing
   * @param holder what holds it, as the subject of a sentence: "A flash or switch"
   */
  public LockFile(Path file, String holder) {
    this.file = file;
    this.holder = holder;
  }

  /** Held until closed. */
  public static final class Held implements AutoCloseable {
    private final OpenFile locked;

    private Held(OpenFile locked) {
      this.locked = locked;
    }

    @Override
    public void close() {
      locked.unlock();
      locked.close();
    }
  }

  /** Takes the lock if it is free. */
  public Optional<Held> tryTake() {
    try {
      Files.createDirectories(file.getParent());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    OpenFile open = OpenFile.openOrCreate(file);
    if (open.tryLock()) {
      return Optional.of(new Held(open));
    }
    open.close();
    return Optional.empty();
  }

  /**
   * Takes the lock.
   *
   * @throws OperatorError (refused) when it is held
   */
  public Held take() {
    return tryTake()
        .orElseThrow(
            () ->
                OperatorError.refused(
                    "%s is at work on this host already (it holds %s); wait for it to end."
                        .formatted(holder, file)));
  }

  /** Takes the lock as soon as whoever holds it has ended. */
  public Held takeWhenFree() throws InterruptedException {
    while (true) {
      Optional<Held> lock = tryTake();
      if (lock.isPresent()) {
        return lock.get();
      }
      Thread.sleep(PAUSE_MILLIS);
    }
  }

  /**
   * Whether somebody holds the lock, in this process or another. Only looks: nobody who takes the
   * lock at this moment is turned away by it.
   */
  public boolean isHeld() {
    if (!Files.exists(file)) {
      return false;
    }
    try (OpenFile open = OpenFile.openToRead(file)) {
      return open.isLockedByAnother();
    }
  }
}
