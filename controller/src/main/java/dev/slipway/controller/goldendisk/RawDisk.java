package dev.slipway.controller.goldendisk;

import dev.slipway.controller.osimage.WorkDirectory;
import dev.slipway.json.Json;
import dev.slipway.json.JsonObject;
import dev.slipway.linux.Command;
import dev.slipway.linux.OperatorError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A disk's image to read byte for byte: itself, or what {@code qemu-img} makes of one in QEMU's
 * format, in a sparse file that is gone when this is closed or the process is ended by a signal.
 */
final class RawDisk implements AutoCloseable {
  /** Not /tmp, which is memory on many machines: a disk is large. */
  private static final Path WORK = Path.of("/var/tmp");

  private final Path path;
  private final Optional<Copy> copy;

  private RawDisk(Path path, Optional<Copy> copy) {
    this.path = path;
    this.copy = copy;
  }

  private record Copy(WorkDirectory directory, AtExit atExit) implements AutoCloseable {
    static Copy begin() {
      WorkDirectory directory = WorkDirectory.in(WORK, "slipway-raw-");
      return new Copy(directory, new AtExit("delete-raw-copy", () -> end(directory)));
    }

    private static void end(WorkDirectory directory) {
      ProcessHandle.current().descendants().forEach(ProcessHandle::destroy);
      directory.close();
    }

    @Override
    public void close() {
      try (atExit) {
        directory.close();
      }
    }
  }

  /**
   * Opens an image.
   *
   * @throws OperatorError when it cannot be read, holds only a part of a disk, or there is no room
   *     for what it holds
   */
  static RawDisk of(Path image) {
    if (DiskFormat.of(image) == DiskFormat.RAW) {
      return new RawDisk(image, Optional.empty());
    }
    Copy copy = Copy.begin();
    try {
      requireWhole(image);
      Path raw = copy.directory().path().resolve("disk.img");
      qemuImg(image, "convert", "-f", "qcow2", "-O", "raw", absolute(image), raw.toString());
      return new RawDisk(raw, Optional.of(copy));
    } catch (RuntimeException | Error e) {
      copy.close();
      throw e;
    }
  }

  /**
   * An image can name any other file, or one over the network, for what it does not hold itself.
   */
  private static void requireWhole(Path image) {
    JsonObject info =
        Json.readObject(qemuImg(image, "info", "-f", "qcow2", "--output=json", absolute(image)));
    boolean elsewhere =
        info.has("backing-filename")
            || info.optionalObject("format-specific")
                .flatMap(format -> format.optionalObject("data"))
                .filter(data -> data.has("data-file"))
                .isPresent();
    if (elsewhere) {
      throw new OperatorError(
          "The qcow2 image "
              + image
              + " is only a layer: it takes the rest of the disk from another file, which it names"
              + " itself. If you trust it, make one image of both: qemu-img convert -O raw "
              + image
              + " golden.img");
    }
  }

  private static String qemuImg(Path image, String... arguments) {
    try {
      List<String> command = new ArrayList<>(List.of("qemu-img"));
      command.addAll(List.of(arguments));
      return Command.of(command).run().out();
    } catch (OperatorError e) {
      throw new OperatorError(
          "The qcow2 image "
              + image
              + " cannot be read by way of a raw copy in "
              + WORK
              + ": "
              + OperatorError.withoutFinalStop(e.getMessage())
              + ". Where there is no room for it, make one elsewhere: qemu-img convert -O raw "
              + image
              + " golden.img",
          e);
    }
  }

  private static String absolute(Path image) {
    return image.toAbsolutePath().toString();
  }

  /** Where it lies; not to be written. */
  Path path() {
    return path;
  }

  /** What the image itself is. */
  DiskFormat format() {
    return copy.isPresent() ? DiskFormat.QCOW2 : DiskFormat.RAW;
  }

  @Override
  public void close() {
    copy.ifPresent(Copy::close);
  }
}
