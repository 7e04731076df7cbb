package dev.slipway.controller.goldendisk;

import dev.slipway.controller.survey.ImageSurvey;
import dev.slipway.image.Image;
import dev.slipway.linux.OperatorError;

/**
 * A slot that had no room left for its image.
 *
 * @param name of the slot
 * @param size of the slot
 */
record FullSlot(String name, ByteSize size, Image image) {

  /** In a sentence. Reads the image once more for how much room its files need. */
  OperatorError told(RuntimeException failure) {
    return new OperatorError(
        "Slot "
            + name
            + " is full: it has "
            + size
            + ", "
            + needed(failure)
            + ". Give the slot a larger size in the disk description.",
        failure);
  }

  private String needed(RuntimeException failure) {
    try {
      return "and the files of "
          + image.reference()
          + " alone need "
          + new ByteSize(ImageSurvey.of(image).bytes())
          + "; initrd, agent and the file system itself come on top";
    } catch (RuntimeException unreadable) {
      // It may come over a network that fails by now; the slot is full all the same.
      failure.addSuppressed(unreadable);
      return "too little for the files of "
          + image.reference()
          + " with initrd, agent and the file system itself";
    }
  }
}
