package dev.slipway.controller.goldendisk;

import dev.slipway.controller.goldendisk.DiskDescription.Content;
import dev.slipway.controller.goldendisk.DiskDescription.Slot;
import dev.slipway.controller.survey.ImageSurvey;
import dev.slipway.controller.targetdisk.TargetDisk;
import dev.slipway.disk.DiskLayout;
import dev.slipway.filesystem.FileSystemKind;
import dev.slipway.filesystem.MkfsTools;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Whether there is room: on a real disk, in its slots, and where a disk in a file goes. */
record DiskRoom(DiskDescription description) {

  /**
   * Refuses a disk that is too small for what is described, or too large for its partition table.
   *
   * @throws OperatorError (refused, exit code 3) with both numbers
   */
  void requireOn(TargetDisk target) {
    DiskLayout least = new DiskPlanning(description, new Stamps.Fresh()).least();
    if (least.diskSize() > target.size()) {
      throw OperatorError.refused(
          target.path()
              + " has "
              + new ByteSize(target.size())
              + ", but the disk that "
              + description.file()
              + " describes needs "
              + new ByteSize(least.diskSize())
              + ": take a larger disk, or make slots and data smaller.");
    }
    least.onDiskOf(target.size());
  }

  /**
   * Refuses an image that is larger than its slot, less what the file system takes for itself.
   *
   * @param surveys of the images, by slot
   * @param tools make the file systems
   * @return bytes of the files of all images that could be looked through
   * @throws OperatorError with both numbers
   */
  long requireInSlots(DiskLayout layout, Map<String, ImageSurvey> surveys, MkfsTools tools) {
    long total = 0;
    for (Slot slot : description.slots()) {
      if (slot.content().isEmpty()) {
        continue;
      }
      Content content = slot.content().get();
      FileSystemKind kind = content.fileSystem();
      ByteSize needs = new ByteSize(surveys.get(slot.name()).bytes());
      ByteSize size = new ByteSize(layout.slot(slot.name()).orElseThrow().partition().size());
      ByteSize itself = new ByteSize(kind.leastOverhead(size.bytes(), tools.version(kind)));
      if (needs.bytes() + itself.bytes() > size.bytes()) {
        throw new OperatorError(
            "The image "
                + content.image()
                + " does not fit slot "
                + slot.name()
                + ": its files need "
                + needs
                + " and "
                + kind.token()
                + " itself at least "
                + itself
                + ", the slot has "
                + size
                + ". Give it a larger size; initrd and agent come on top.");
      }
      total += needs.bytes();
    }
    return total;
  }

  /**
   * Refuses an output whose file system has no room for it.
   *
   * @param files bytes of the files that the disk will hold
   * @throws OperatorError with both numbers
   */
  static void requireFor(long files, Path output, DiskFormat format) {
    ByteSize needed = new ByteSize(inFile(files, format));
    Path directory = output.toAbsolutePath().getParent();
    ByteSize free = freeSpace(directory);
    if (needed.bytes() > free.bytes()) {
      throw new OperatorError(
          directory
              + " has "
              + free
              + " free, but the disk's files need "
              + needed
              + ". Make room, or name an output on another file system.");
    }
  }

  /**
   * What a disk of so many bytes needs where its file is made.
   *
   * @param bytes of what is in it, or of all of it
   */
  static long inFile(long bytes, DiskFormat format) {
    // What is converted is there twice for a while.
    return format == DiskFormat.RAW ? bytes : 2 * bytes;
  }

  static ByteSize freeSpace(Path directory) {
    try {
      // Not what an ordinary user may use: this is root.
      return new ByteSize(Files.getFileStore(directory).getUnallocatedSpace());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
