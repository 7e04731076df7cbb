package dev.slipway.controller.goldendisk;

import dev.slipway.controller.goldendisk.DiskDescription.Content;
import dev.slipway.controller.osimage.InitrdSource;
import dev.slipway.controller.survey.ImageSurvey;
import dev.slipway.filesystem.DistributionRelease;
import dev.slipway.filesystem.FileSystemKind;
import dev.slipway.filesystem.Reader;
import dev.slipway.filesystem.ReaderKind;
import dev.slipway.filesystem.Vendor;
import dev.slipway.filesystem.Version;
import java.util.Optional;

/**
 * The operating system of one slot as a reader of file systems.
 *
 * @param slot the slot's name
 * @param content decides which of the image's kernels boots
 */
record SlotSystem(String slot, ImageSurvey survey, Content content) {

  /**
   * The kernel that runs when the slot does.
   *
   * @throws dev.slipway.linux.OperatorError when the image does not have the one that is pinned
   */
  Reader kernel() {
    Optional<String> version =
        content.initrd() == InitrdSource.KEEP
            ? survey.broughtKernel()
            : content.kernel().among(survey.installedKernels());
    return version
        .map(known -> Reader.of(ReaderKind.KERNEL, name(), new Version(known), vendor()))
        .orElseGet(() -> Reader.assumed(ReaderKind.KERNEL, name(), release().kernel(), vendor()));
  }

  /** What checks a file system of this kind there; empty when it has no such program. */
  Optional<Reader> fsck(FileSystemKind kind) {
    if (survey.packages().lacks(kind.tools())) {
      return Optional.empty();
    }
    return Optional.of(
        survey
            .packages()
            .version(kind.tools())
            .map(known -> Reader.of(ReaderKind.FSCK, name(), new Version(known), vendor()))
            .orElseGet(
                () -> Reader.assumed(ReaderKind.FSCK, name(), release().fsck(kind), vendor())));
  }

  private String name() {
    return "slot \"" + slot + "\"";
  }

  private Vendor vendor() {
    return DistributionRelease.vendorOf(survey.system().id());
  }

  private DistributionRelease release() {
    return DistributionRelease.of(survey.system().id(), survey.system().versionId());
  }
}
