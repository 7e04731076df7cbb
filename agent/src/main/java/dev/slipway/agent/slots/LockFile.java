package dev.slipway.agent.slots;

import dev.slipway.linux.OperatorError;
import dev.slipway.linux.RecordLock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A lock between processes, and between the threads of one, given up by the kernel when its holder
 * dies. One process must use one object for one file: record locks (fcntl(2)) are lost as soon as
 * the process closes the file once more.
 */
public final class LockFile {
  private static final long PAUSE_MILLIS = 500;

  private final Path file;
  private final String holder;
  private boolean taken;

  /**
   * @param file made when it is missing
   * @param holder what holds it, as the subject of a sentence: "A flash or switch"
   */
  public LockFile(Path file, String holder) {
    this.file = file;
    this.holder = holder;
  }

  /** Held until closed. */
  public final class Held implements AutoCloseable {
    private final FileChannel channel;

    private Held(FileChannel channel) {
      this.channel = channel;
    }

    @Override
    public void close() {
      synchronized (LockFile.this) {
        release(channel);
        taken = false;
      }
    }
  }

  /** Takes the lock if it is free. */
  public synchronized Optional<Held> tryTake() {
    if (taken) {
      return Optional.empty();
    }
    try {
      Files.createDirectories(file.getParent());
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        channel.close();
        return Optional.empty();
      }
      taken = true;
      return Optional.of(new Held(channel));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
  public synchronized boolean isHeld() {
    return taken || (Files.exists(file) && RecordLock.isHeldByAnother(file));
  }

  private static void release(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
