package dev.slipway.controller.source.engine;

import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The directory where an image of an engine is kept while it is read.
 *
 * @param reference the image, for messages
 */
record WorkSpace(Path directory, String reference) {
  /**
   * Refuses an image that there may be no room for, before it is asked for. It is kept compressed,
   * but how well that goes nobody knows beforehand.
   *
   * @param bytes what the engine says the image has
   */
  void require(long bytes) {
    long free;
    try {
      free = Files.getFileStore(Files.createDirectories(directory)).getUsableSpace();
    } catch (IOException e) {
      throw failed(e);
    }
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
  }

  private static long mebibytes(long bytes) {
    return (bytes + (1 << 20) - 1) >> 20;
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
}
