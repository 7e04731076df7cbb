package dev.slipway.controller.goldendisk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.boot.EnvironmentStore;
import dev.slipway.boot.TransactionId;
import dev.slipway.disk.DiskLayout;
import dev.slipway.disk.Partition;
import dev.slipway.json.JsonObject;
import dev.slipway.linux.Command;
import dev.slipway.linux.LoopDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of a disk that was built. */
class DiskInspectionTest {
  @TempDir Path directory;
  private Path image;

  @BeforeEach
  void aDiskWithAnEmptySlot() throws IOException {
    TinyImage first =
        TinyImage.in(directory.resolve("first"), 1)
            .withText("usr/lib/os-release", "PRETTY_NAME=\"Tiny OS 1 (first)\"\nID=tiny\n");
    Path etc = Files.createDirectories(directory.resolve("first/etc"));
    Files.createSymbolicLink(etc.resolve("os-release"), Path.of("../usr/lib/os-release"));
    TinyImage second =
        TinyImage.in(directory.resolve("second"), 2)
            .withText("usr/lib/os-release", "NAME=Second\nVERSION_ID='2'\n");
    TestBuild build = new TestBuild(directory);
    build.build(
        """
        slots:
          - {name: slot1, image: "%s", filesystem: ext4, size: 64MiB, initrd: keep, agent: false}
          - {name: slot2, image: "%s", filesystem: xfs, size: 300MiB, initrd: keep, agent: false}
          - {name: slot3, size: 64MiB}
        data: {size: 64MiB}
        default: slot2
        """
            .formatted(first.reference(), second.reference()));
    image = build.output();
  }

  @Test
  void slotsAreToldInBytesWithSystemAndFeatures() {
    DiskInspection disk = DiskInspection.of(image);

    Partition first = disk.slots().get(0).slot().partition();
    assertThat(disk.text())
        .contains("slot1: 64 MiB (67108864 bytes) at byte " + first.offset() + ", ready\n")
        .contains("  features     64bit, metadata_csum")
        .contains("  system       Tiny OS 1 (first)\n", "  system       Second 2\n");
    List<JsonObject> slots = disk.json().objects("slots");
    assertThat(slots.get(0).integer("offset")).isEqualTo(first.offset());
    assertThat(slots.get(0).integer("size")).isEqualTo(64L << 20);
    assertThat(slots.get(0).string("system")).isEqualTo("Tiny OS 1 (first)");
    assertThat(slots.get(0).strings("features")).contains("64bit", "metadata_csum");
    assertThat(slots.get(1).string("system")).isEqualTo("Second 2");
    assertThat(slots.get(1).strings("features")).contains("finobt", "reflink", "sparse");
    assertThat(slots.get(2).has("features")).as("an empty slot has none").isFalse();
  }

  /** On a trial boot GRUB counts the tries down, and boots the default where it cannot. */
  @Test
  void theNextBootIsToldAlikeToEverybody() throws IOException {
    DiskInspection disk = DiskInspection.of(image);
    EnvironmentStore environment =
        new EnvironmentStore(
            image, DiskLayout.of(disk.table().table(), image.toString()).esp().offset());
    environment.write(
        environment
            .read()
            .environment()
            .orElseThrow()
            .trial("slot1", new TransactionId("01ARZ3NDEKTSV4RRFFQ69G5FAV")));
    Command.of("chmod", "a+rx", directory.toString()).run();

    String told = DiskInspection.of(image).text();
    assertThat(told).contains("next firmware boot: slot1 (coldtrial)");
    assertThat(inspectedByAUser()).isEqualTo(told);
    try (LoopDevice readOnly = LoopDevice.attach(image, 0, disk.size().bytes(), true)) {
      assertThat(DiskInspection.of(readOnly.path()).nextBoot().slot()).contains("slot2");
    }
  }

  /** The user may read everything, for this checkout may lie where others have no access. */
  private String inspectedByAUser() {
    return Command.of(
            "setpriv",
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
            "--inh-caps=+dac_read_search",
            "--ambient-caps=+dac_read_search",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "dev.slipway.controller.cli.Main",
            "disk",
            "inspect",
            image.toString())
        .run()
        .out();
  }
}
