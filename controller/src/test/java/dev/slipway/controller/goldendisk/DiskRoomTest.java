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
  void aSlotThatFillsUpIsNamedWithBothSizes() throws IOException {
    // The files alone would fit; what the file system needs for itself is what is missing.
    TinyImage image = TinyImage.in(directory.resolve("tight"), 1).with("tight", 15 << 20);

    assertThat(builds.refusal(TestBuild.oneSlot(image, "16MiB")))
        .contains("Slot slot1 is full: it has 16 MiB")
        .contains("alone need 15.");
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
