package dev.slipway.controller.goldendisk;

import dev.slipway.controller.goldendisk.DiskDescription.Content;
import dev.slipway.controller.goldendisk.DiskDescription.Slot;
import dev.slipway.controller.osimage.OsImagePreparation;
import dev.slipway.controller.osimage.PreparationOptions;
import dev.slipway.controller.survey.ImageSurvey;
import dev.slipway.image.Image;
import dev.slipway.linux.OperatorError;
import java.util.Map;
import java.util.function.Function;

/**
 * Images that can be seen not to boot before they are unpacked. A real disk loses what it held when
 * the first slot is written, so that is too late to find them.
 *
 * @param preparations how a slot's image is made bootable
 */
record UnbootableImages(
    DiskDescription description, Function<Content, PreparationOptions> preparations) {

  /**
   * Refuses them. Of an image that was not looked through only the platform is known.
   *
   * @param opened by slot
   * @param surveys by slot
   * @throws OperatorError with the slot and its image, and what that lacks
   */
  void refuse(Map<String, Image> opened, Map<String, ImageSurvey> surveys) {
    for (Slot slot : description.slots()) {
      slot.content()
          .ifPresent(
              content ->
                  require(
                      slot.name(),
                      opened.get(slot.name()),
                      surveys.get(slot.name()),
                      preparations.apply(content)));
    }
  }

  private static void require(
      String slot, Image image, ImageSurvey survey, PreparationOptions options) {
    try {
      OsImagePreparation.refuseOtherPlatforms(image);
      survey.bootParts().ifPresent(parts -> parts.requireFor(options));
    } catch (OperatorError e) {
      throw e.about("Slot " + slot + ", " + image.reference());
    }
  }
}
