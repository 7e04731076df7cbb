package dev.slipway.controller.goldendisk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.controller.goldendisk.DiskInspection.SlotFinding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples as they are, but for their images: those need an Engine and half an hour. */
class ExampleDisksTest {
  @RegisterExtension final BuildSite site = new BuildSite();
  private final TestBuild builds = site.builds();

  static List<Path> examples() throws IOException {
    try (Stream<Path> files = Files.list(TestBuild.CHECKOUT.resolve("examples/disks"))) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void anExampleBecomesADiskWhoseSlotsAreAsTheyWereWritten(Path example) throws Exception {
    TinyImage image = TinyImage.in(site.directory().resolve("image"), 1);
    String yaml =
        Files.readString(example)
            .replaceAll(
                "(?m)^( +)image: docker-daemon:.*$",
                "$1image: " + image.reference() + "\n$1initrd: keep\n$1agent: false");

    builds.build(yaml);

    DiskInspection disk = DiskInspection.of(builds.output());
    assertThat(disk.nextBoot().slot()).isPresent();
    assertThat(disk.slots())
        .filteredOn(slot -> slot.ready().isPresent())
        .hasSize(2)
        .allMatch(SlotFinding::readable)
        .allMatch(slot -> slot.asRecorded().orElse(false));
  }
}
