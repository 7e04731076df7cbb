package dev.slipway.controller.goldendisk;

import dev.slipway.linux.Command;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A disk's image to read byte for byte: itself, or what {@code qemu-img} makes of one in QEMU's
 * format, in a sparse temporary file that is gone when this is closed.
 */
final class RawDisk implements AutoCloseable {
  private final Path path;
  private final DiskFormat format;

  private RawDisk(Path path, DiskFormat format) {
    this.path = path;
    this.format = format;
  }

  /**
   * Opens an image.
   *
   * @throws OperatorError when it cannot be read, or there is no room for what it holds
   */
  static RawDisk of(Path image) {
    return switch (DiskFormat.of(image)) {
      case RAW -> new RawDisk(image, DiskFormat.RAW);
      case QCOW2 -> new RawDisk(unpacked(image), DiskFormat.QCOW2);
    };
  }

  private static Path unpacked(Path image) {
    Path copy = temporary();
    try {
      Command.of(
              "qemu-img",
              "convert",
              "-f",
              DiskFormat.QCOW2.token(),
              "-O",
              DiskFormat.RAW.token(),
              image.toAbsolutePath().toString(),
              copy.toString())
          .run();
      return copy;
    } catch (OperatorError e) {
      delete(copy);
      throw new OperatorError(
          "The qcow2 image "
              + image
              + " cannot be read by way of a raw copy in "
              + copy.getParent()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private static Path temporary() {
    try {
      Path file = Files.createTempFile("slipway-raw-", ".img");
      // Ctrl-C ends the process without anything being closed.
      file.toFile().deleteOnExit();
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make a temporary file", e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot delete " + file, e);
    }
  }

  /** Where it lies; not to be written. */
  Path path() {
    return path;
  }

  /** What the image itself is. */
  DiskFormat format() {
    return format;
  }

  @Override
  public void close() {
    if (format != DiskFormat.RAW) {
      delete(path);
    }
  }
}
