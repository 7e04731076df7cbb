package dev.slipway.controller.goldendisk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.controller.survey.ImageSurvey;
import dev.slipway.controller.survey.InstalledPackages;
import dev.slipway.controller.survey.OsRelease;
import dev.slipway.disk.DiskLayout;
import dev.slipway.filesystem.FileSystemKind;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlotSizesTest {
  private static final long MIB = 1L << 20;

  /** What is on every disk beside slots and data, in MiB. */
  private static final long OVERHEAD = 2 + 1 + 64;

  private static final String SLOTS =
      """
      slots:
        - {name: large, image: "oci:large", size: auto}
        - {name: small, image: "oci:small", filesystem: xfs}
        - {name: empty, size: 100MiB}
      data: {size: 64MiB}
      """;

  /** Of 1600 and 400 MiB; with a quarter and 512 MiB on top that is 2512 and 1012. */
  private static final Map<String, ImageSurvey> SURVEYS =
      Map.of("large", survey(1600 * MIB), "small", survey(400 * MIB));

  @TempDir private Path directory;

  @Test
  void withoutADiskSizeEachGetsWhatItsImageNeeds() throws IOException {
    DiskLayout layout = layOut(SLOTS);

    assertThat(mebibytes(layout, "large")).isEqualTo(2512);
    assertThat(mebibytes(layout, "small")).isEqualTo(1012);
    assertThat(mebibytes(layout, "empty")).isEqualTo(100);
    assertThat(layout.data().orElseThrow().size()).isEqualTo(64 * MIB);
  }

  @Test
  void whatTheDiskLeavesIsSharedInProportion() throws IOException {
    long needed = 2512 + 1012 + 100 + 64 + OVERHEAD;

    DiskLayout layout = layOut("size: " + (needed + 3524) + "MiB\n" + SLOTS);

    assertThat(mebibytes(layout, "large")).isEqualTo(2 * 2512);
    assertThat(mebibytes(layout, "small")).isEqualTo(2 * 1012);
    assertThat(mebibytes(layout, "empty")).isEqualTo(100);
    assertThat(layout.data().orElseThrow().size()).isEqualTo(64 * MIB);
  }

  @Test
  void noMebibyteIsLost() throws IOException {
    for (long disk = 3755; disk < 3800; disk++) {
      DiskLayout layout = layOut("size: " + disk + "MiB\n" + SLOTS);

      assertThat(layout.diskSize()).isEqualTo(disk * MIB);
      assertThat(layout.data().orElseThrow().size()).isBetween(64 * MIB, 66 * MIB);
    }
  }

  @Test
  void withoutAutoTheRestIsForData() throws IOException {
    DiskLayout layout =
        layOut("size: 1GiB\nslots: [{name: small, image: 'oci:x', size: 500MiB}]\n");

    assertThat(mebibytes(layout, "small")).isEqualTo(500);
    assertThat(layout.data().orElseThrow().size()).isEqualTo((1024 - 500 - OVERHEAD) * MIB);
  }

  @Test
  void withoutDataTheRestIsForSlotsOfSizeAutoOrStaysUnused() throws IOException {
    DiskLayout growing = layOut("data: off\nsize: 6GiB\nslots: [{name: large, image: 'oci:x'}]\n");
    DiskLayout fixed =
        layOut("data: off\nsize: 1GiB\nslots: [{name: small, image: 'oci:x', size: 500MiB}]\n");

    assertThat(mebibytes(growing, "large")).isEqualTo(6 * 1024 - OVERHEAD);
    assertThat(mebibytes(fixed, "small")).isEqualTo(500);
    assertThat(fixed.unused()).isEqualTo((1024 - 500 - OVERHEAD) * MIB);
  }

  @Test
  void aDiskThatIsTooSmallIsRefusedWithAllTheNumbers() {
    OperatorError refusal =
        catchThrowableOfType(OperatorError.class, () -> layOut("size: 3GiB\n" + SLOTS));

    assertThat(refusal.exitCode()).isEqualTo(3);
    assertThat(refusal)
        .hasMessageContaining("The disk is to have 3072 MiB")
        .hasMessageContaining("need " + (2512 + 1012 + 100 + 64 + OVERHEAD) + " MiB")
        .hasMessageEndingWith(" Of size auto, large needs 2.5 GiB, small needs 1012 MiB.");
  }

  @Test
  void whatImagesNeedIsNotSaidOfARefusalThatItDoesNotExplain() {
    assertThatThrownBy(() -> layOut("table: msdos\nsize: 3TiB\n" + SLOTS))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("An msdos partition table reaches")
        .hasMessageNotContaining("needs");
  }

  @Test
  void aSlotIsNeverSmallerThanItsFileSystemCanBe() {
    for (FileSystemKind kind : FileSystemKind.values()) {
      assertThat(SlotSizes.needed(0, kind).bytes()).isGreaterThanOrEqualTo(kind.smallest());
    }
  }

  private DiskLayout layOut(String yaml) throws IOException {
    DiskDescription disk =
        DiskDescription.read(Files.writeString(directory.resolve("disk.yml"), yaml));
    return new SlotSizes(disk, SURVEYS)
        .layOut(
            slots ->
                DiskLayout.plan(
                    disk.table(),
                    disk.size().stream().mapToLong(ByteSize::bytes).findFirst(),
                    slots,
                    disk.data()
                        .map(size -> OptionalLong.of(size.bytes()))
                        .orElse(OptionalLong.empty()),
                    UUID::randomUUID));
  }

  private static long mebibytes(DiskLayout layout, String slot) {
    return layout.slot(slot).orElseThrow().partition().size() / MIB;
  }

  private static ImageSurvey survey(long bytes) {
    return new ImageSurvey(
        bytes,
        Optional.empty(),
        Optional.empty(),
        OsRelease.UNKNOWN,
        InstalledPackages.UNKNOWN,
        Optional.empty());
  }
}
