package dev.slipway.controller.goldendisk;

import dev.slipway.controller.goldendisk.DiskDescription.Content;
import dev.slipway.controller.goldendisk.DiskDescription.Slot;
import dev.slipway.controller.osimage.Checkup;
import dev.slipway.controller.osimage.PreparationOptions;
import dev.slipway.controller.osimage.UnpackedImage;
import dev.slipway.controller.progress.Counted;
import dev.slipway.controller.progress.Progress;
import dev.slipway.image.Image;
import dev.slipway.linux.OperatorError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Puts the images of slots to all that their preparation would refuse, without a slot: unpacked in
 * a directory, before a real disk loses what it held.
 *
 * @param preparations how a slot's image is made bootable
 * @param work where they are unpacked, one after the other; nothing is left there
 * @param warnings takes a sentence about an image that is not looked at
 */
record SlotCheckups(
    DiskDescription description,
    Function<Content, PreparationOptions> preparations,
    Path work,
    Progress steps,
    Consumer<String> warnings) {

  /**
   * Refuses images that would not boot. One that comes over a network is not looked at (decision
   * 0007), nor one for which there is no room.
   *
   * @param sources what goes into a slot of that name
   * @throws OperatorError with the slot, its image, and what is wrong with that
   */
  void require(Function<String, SlotWriter.Source> sources) {
    for (Slot slot : description.slots()) {
      if (slot.content().isPresent()) {
        SlotWriter.Source source = sources.apply(slot.name());
        if (!source.image().isRemote() && hasRoom(slot.name(), source)) {
          check(slot.name(), source);
        }
      }
    }
  }

  private boolean hasRoom(String slot, SlotWriter.Source source) {
    ByteSize needed = new ByteSize(source.bytes().orElse(0));
    ByteSize free = DiskRoom.freeSpace(existing(work.toAbsolutePath()));
    if (needed.bytes() <= free.bytes()) {
      return true;
    }
    warnings.accept(
        "Warning: the image of slot "
            + slot
            + " is not checked before the disk is erased, for "
            + work
            + " has "
            + free
            + " free and the image needs "
            + needed
            + ". Name a directory with room with --work.");
    return false;
  }

  /** The directory, or, when it is still to be made, what it will be made in. */
  private static Path existing(Path directory) {
    return Stream.iterate(directory, Path::getParent)
        .filter(Files::exists)
        .findFirst()
        .orElseThrow();
  }

  private void check(String slot, SlotWriter.Source source) {
    Image image = source.image();
    steps.runCounted(
        slot + ": check " + image.reference(),
        source.bytes(),
        step -> {
          try (UnpackedImage unpacked = unpacked(slot, Counted.image(image, step))) {
            check(slot, source, unpacked.root());
          }
        });
  }

  private UnpackedImage unpacked(String slot, Image image) {
    try {
      return UnpackedImage.of(image, work);
    } catch (OperatorError e) {
      throw new OperatorError(
          "Slot "
              + slot
              + ", "
              + image.reference()
              + ", cannot be unpacked in "
              + work
              + " for its checks, and the disk is as it was: "
              + OperatorError.withoutFinalStop(e.getMessage())
              + ". --work names another directory.",
          e);
    }
  }

  private void check(String slot, SlotWriter.Source source, Path root) {
    try {
      Checkup.require(root, source.image(), preparations.apply(source.content()));
    } catch (OperatorError e) {
      throw e.about("Slot " + slot + ", " + source.image().reference());
    }
  }
}
