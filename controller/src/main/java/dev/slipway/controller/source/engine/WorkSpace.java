package dev.slipway.controller.source.engine;

import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The directory where images of an engine are kept while they are read, several at a time. */
public final class WorkSpace {
  private final Path directory;

  /** Bytes of the images that are on their way; guarded by this. */
  private long promised;

  public WorkSpace(Path directory) {
    this.directory = directory;
  }

  Path directory() {
    return directory;
  }

  /**
   * Promises room to an image, until what is returned is closed, or refuses it before it is asked
   * for. It is kept compressed, but how well that goes nobody knows beforehand: where there is not
   * room for all that are coming in, it waits until it is known what they take.
   *
   * @param reference the image, for messages
   * @param bytes what the engine says the image has
   */
  synchronized Room promise(String reference, long bytes) {
    Room room = new Room(reference, bytes);
    try {
      while (promised > 0 && bytes > free(room) - promised) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OperatorError("Reading " + reference + " was stopped.", e);
    }
    long free = free(room);
    if (bytes > free) {
      throw new OperatorError(
          "Reading "
              + reference
              + " from the Docker Engine may take "
              + mebibytes(bytes)
              + " MiB in "
              + directory
              + ", which has "
              + mebibytes(free)
              + " MiB free. Make room there, or name another directory with --work.");
    }
    promised += bytes;
    return room;
  }

  private long free(Room room) {
    try {
      return Files.getFileStore(Files.createDirectories(directory)).getUsableSpace();
    } catch (IOException e) {
      throw room.failed(e);
    }
  }

  private static long mebibytes(long bytes) {
    return (bytes + (1 << 20) - 1) >> 20;
  }

  private synchronized void release(long bytes) {
    promised -= bytes;
    notifyAll();
  }

  /** Room for one image while it comes in. */
  final class Room implements AutoCloseable {
    private final String reference;
    private final long bytes;

    private Room(String reference, long bytes) {
      this.reference = reference;
      this.bytes = bytes;
    }

    /** The error of an image that cannot be kept there. */
    OperatorError failed(IOException cause) {
      return new OperatorError(
          "Reading "
              + reference
              + " from the Docker Engine by way of "
              + directory
              + " failed: "
              + cause.getMessage()
              + ". It may need as much space there as docker images says the image has; --work names"
              + " another directory.",
          cause);
    }

    @Override
    public void close() {
      release(bytes);
    }
  }
}
