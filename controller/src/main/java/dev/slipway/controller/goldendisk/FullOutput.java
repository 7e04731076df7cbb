package dev.slipway.controller.goldendisk;

import dev.slipway.linux.OperatorError;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * The file system of the output, which may become full while a disk is written: the image may be
 * one that nobody could look through, and others write there, too. Within a slot that shows as any
 * error of input and output, so what is free says whether this is the reason.
 *
 * @param output the file that the disk becomes
 * @param least bytes that the disk needs in any case: its files
 * @param most bytes that it can come to need: its size
 */
record FullOutput(Path output, long least, long most) {
  /** A write that was too large leaves what there was: qemu-img writes 2 MiB at once. */
  private static final long NEXT_TO_NOTHING = 4 << 20;

  /** Does that work; when it fails because there is no room any more, the error says so. */
  <T> T during(Supplier<T> work) {
    try {
      return work.get();
    } catch (RuntimeException e) {
      throw explained(e);
    }
  }

  private RuntimeException explained(RuntimeException failure) {
    Path directory = output.toAbsolutePath().getParent();
    if (!isFull(directory)) {
      return failure;
    }
    return new OperatorError(
        "The file system of "
            + directory
            + " is full. The disk needs at least "
            + new ByteSize(least)
            + " there, and at most "
            + new ByteSize(most)
            + ": make room, or name an output on another file system. What failed: "
            + failure.getMessage(),
        failure);
  }

  private static boolean isFull(Path directory) {
    try {
      return DiskRoom.freeSpace(directory).bytes() <= NEXT_TO_NOTHING;
    } catch (UncheckedIOException unknown) {
      return false;
    }
  }
}
