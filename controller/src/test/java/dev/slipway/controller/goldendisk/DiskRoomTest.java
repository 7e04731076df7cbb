package dev.slipway.controller.goldendisk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.controller.source.registry.DockerRegistry;
import dev.slipway.controller.source.registry.TestImage;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What does not fit is refused, or said once it is full, with both sizes. */
class DiskRoomTest {
  @RegisterExtension final BuildSite site = new BuildSite();
  private final Path directory = site.directory();
  private final TestBuild builds = site.builds();

  @Test
  void aDiskTooSmallForItsSlotsIsRefusedWithBothNumbers() throws IOException {
    TinyImage image = TinyImage.in(directory.resolve("image"), 1);

    OperatorError refusal = builds.failure("size: 128MiB\n" + TestBuild.oneSlot(image, "512MiB"));

    assertThat(refusal.exitCode()).isEqualTo(3);
    assertThat(refusal).hasMessageContaining("128 MiB").hasMessageContaining("643 MiB");
    assertThat(builds.said()).doesNotContain("partition table");
  }

  @Test
  void anImageLargerThanItsSlotIsRefusedBeforeAnythingIsWritten() throws IOException {
    TinyImage image = TinyImage.in(directory.resolve("large"), 1).with("large", 17 << 20);

    assertThat(builds.refusal(TestBuild.oneSlot(image, "16MiB")))
        .contains("does not fit slot slot1: its files need 17")
        .contains("the slot has 16 MiB");
    assertThat(builds.said()).doesNotContain("partition table");
  }

  @Test
  void filesThatFitWithoutTheFileSystemItselfAreRefusedBeforeAnythingIsWritten()
      throws IOException {
    TinyImage tight = TinyImage.in(directory.resolve("tight"), 1).with("tight", 12 << 20);
    TinyImage large = TinyImage.in(directory.resolve("large"), 2).with("large", 240 << 20);
    String onXfs =
        "slots: [{name: slot1, image: '%s', filesystem: xfs, size: 300MiB, initrd: keep, agent: false}]\n"
            .formatted(large.reference());

    assertThat(builds.refusal(TestBuild.oneSlot(tight, "16MiB")))
        .isEqualTo(
            "The image "
                + tight.reference()
                + " does not fit slot slot1: its files need 12.6 MiB and ext4 itself at least 4.3"
                + " MiB, the slot has 16 MiB. Give it a larger size; initrd and agent come on top.");
    assertThat(builds.refusal(onXfs))
        .contains("its files need 240.6 MiB and xfs itself at least 64 MiB, the slot has 300 MiB");
    assertThat(builds.said()).doesNotContain("partition table");
  }

  @Test
  void aSlotThatFillsUpAllTheSameIsNamedWithBothSizes() throws IOException {
    // The smallest journal would leave room; that of a file system of this size does not.
    TinyImage image = TinyImage.in(directory.resolve("tight"), 1).with("tight", 115 << 20);

    assertThat(builds.refusal(TestBuild.oneSlot(image, "130MiB")))
        .contains("Slot slot1 is full: it has 130 MiB")
        .contains("alone need 115.");
  }

  @Test
  void aSlotThatIsTooSmallForAnImageOfARegistrySaysSoOnceItIsFull() throws Exception {
    TinyImage tiny = TinyImage.in(directory.resolve("tiny"), 1).with("usr/share/data", 20_000_000);
    try (DockerRegistry registry = builds.registryWith(tiny, new TestImage())) {
      String reference = "docker://" + registry.host() + "/tiny:1";
      assertThat(builds.refusal(TestBuild.oneSlot(reference, "16MiB")))
          .contains("Slot slot1 is full: it has 16 MiB")
          .contains("the files of " + reference + " alone need");
    }
  }
}
