package dev.slipway.controller.cli;

import dev.slipway.controller.osimage.InitrdSource;
import dev.slipway.controller.source.ImageReference;
import dev.slipway.controller.source.Sources;
import dev.slipway.filesystem.FileSystemKind;
import dev.slipway.linux.OperatorError;
import java.nio.file.Path;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** An image that is to boot, and from what. */
final class ImageChoice {
  @Parameters(
      paramLabel = "IMAGE",
      description =
          "docker-daemon:NAME, docker://NAME, docker-archive:FILE, oci:DIR, oci-archive:FILE,"
              + " rootfs:FILE")
  private String image;

  @Option(
      names = "--initrd",
      paramLabel = "SOURCE",
      defaultValue = "dracut",
      description = "dracut makes the initrd; keep takes the image's own (${DEFAULT-VALUE}).")
  private InitrdSource initrd;

  @Option(
      names = "--filesystem",
      paramLabel = "KIND",
      split = ",",
      defaultValue = "xfs,ext4",
      description = "What slots it has to boot from (${DEFAULT-VALUE}).")
  private Set<String> fileSystems;

  @Option(
      names = "--work",
      paramLabel = "DIR",
      defaultValue = "/var/tmp",
      description = "Where there is room to unpack and pack it (${DEFAULT-VALUE}).")
  private Path work;

  @Mixin private PlainHttpOption plainHttp;

  /** As it was written. */
  String text() {
    return image;
  }

  /**
   * The image.
   *
   * @throws OperatorError when that is no reference
   */
  ImageReference reference() {
    return ImageReference.parse(image);
  }

  InitrdSource initrd() {
    return initrd;
  }

  /**
   * What it has to boot from.
   *
   * @throws OperatorError for something that slots cannot have
   */
  Set<String> fileSystems() {
    for (String kind : fileSystems) {
      if (FileSystemKind.of(kind).isEmpty()) {
        throw new OperatorError("'" + kind + "' is no file system for slots: use xfs or ext4.");
      }
    }
    return fileSystems;
  }

  /** Where it may come from. */
  Sources sources() {
    return new Sources(work, plainHttp.hosts());
  }

  Path work() {
    return work;
  }
}
