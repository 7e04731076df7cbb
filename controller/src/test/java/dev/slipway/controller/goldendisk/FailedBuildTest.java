package dev.slipway.controller.goldendisk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.controller.osimage.TestInitrd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Builds that come to nothing leave nothing, and an older disk as it was. */
class FailedBuildTest {
  @RegisterExtension final BuildSite site = new BuildSite();
  private final Path directory = site.directory();
  private final TestBuild builds = site.builds();

  @Test
  void aFeatureThatAReaderForbidsIsRefusedBeforeAnythingIsWritten() throws IOException {
    TinyImage image =
        TinyImage.in(directory.resolve("old"), 1).debian("11", "1.46.2-2", "5.10.0-4");

    assertThat(
            builds.refusal(
                """
                slots:
                  - {name: bullseye, image: "%s", size: 64MiB, initrd: keep, agent: false,
                     features: {orphan_file: on}}
                """
                    .formatted(image.reference())))
        .isEqualTo(
            directory
                + "/disk.yml, line 3: 'slots[0].features.orphan_file' is \"on\", but the file"
                + " system cannot have it: e2fsck 1.46.2 in slot \"bullseye\" refuses it; needs"
                + " 1.47.0. Take the feature out of the description.");
    assertThat(builds.said()).doesNotContain("partition table");
  }

  @Test
  void anInitrdInTooManyPiecesForGrubIsRefusedOnXfs() throws IOException {
    TinyImage image = TinyImage.in(directory.resolve("holes"), 1);
    byte[] mostlyZeros = new byte[20 * 131_072];
    for (int i = 0; i < mostlyZeros.length; i += 131_072) {
      mostlyZeros[i] = 1;
    }
    Files.write(
        directory.resolve("holes/boot/slipway/initrd"),
        new TestInitrd().with("holes", mostlyZeros).plain());
    String slot =
        "slots: [{name: slot1, image: '%s', filesystem: %s, size: 300MiB, initrd: keep, agent:"
            + " false}]\ndata: {size: 64MiB}\n";

    assertThat(builds.refusal(slot.formatted(image.reference(), "xfs")))
        .startsWith("Slot slot1, " + image.reference() + ": /boot/slipway/initrd lies in ")
        .contains("pieces (extents) on xfs", "take ext4 for the slot");
    assertThat(builds.output()).doesNotExist();

    builds.build(slot.formatted(image.reference(), "ext4"));
    assertThat(DiskInspection.of(builds.output()).slots().get(0).asRecorded()).contains(true);
  }

  @Test
  void aMissingImageIsFoundBeforeAnythingIsWritten() {
    assertThat(builds.refusal("slots: [{name: slot1, size: 64MiB, image: \"rootfs:absent.tar\"}]"))
        .contains("absent.tar");
    assertThat(builds.said()).doesNotContain("partition table");
  }

  @Test
  void aFailureInOneSlotStopsTheOtherAndKeepsTheOlderDisk() throws IOException {
    TinyImage good = TinyImage.in(directory.resolve("good"), 1).with("large", 40 << 20);
    TinyImage bad = TinyImage.in(directory.resolve("bad"), 2);
    Files.writeString(directory.resolve("bad/boot/slipway/vmlinuz"), "a download's error page");
    Files.writeString(builds.output(), "the older disk");

    assertThat(
            builds.refusal(
                """
                slots:
                  - {name: slot1, image: "%s", size: 128MiB, initrd: keep, agent: false}
                  - {name: slot2, image: "%s", size: 64MiB, initrd: keep, agent: false}
                """
                    .formatted(good.reference(), bad.reference())))
        .isEqualTo(
            "Slot slot2, "
                + bad.reference()
                + ": /boot/slipway/vmlinuz of the image is not a Linux kernel for x86 (bzImage).");
    assertThat(builds.output()).hasContent("the older disk");
  }

  @Test
  void anOutputThatIsNoFileIsRefused() throws IOException {
    TinyImage image = TinyImage.in(directory.resolve("image"), 1);
    Files.createDirectory(builds.output());

    assertThat(builds.refusal(TestBuild.oneSlot(image, "64MiB"))).contains("is not a regular file");
  }
}
