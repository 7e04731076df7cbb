package dev.slipway.controller.osimage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.slipway.controller.goldendisk.TinyImage;
import dev.slipway.image.Image;
import dev.slipway.image.LocalImages;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of an initrd that an image brings to boot by. */
class KeptInitrdTest {
  private static final String KERNEL = TinyImage.KERNEL_VERSION;
  private static final String WAY_OUT =
      " Make it again or, if it boots all the same, switch the check 'kept-initrd' off.";

  @TempDir private Path root;

  @BeforeEach
  void anImageThatBringsItsBootFiles() throws IOException {
    TinyImage.in(root, 1);
  }

  @Test
  void oneWithTheDriversOfItsRootIsFine() {
    assertThat(findings()).isEmpty();
  }

  @Test
  void oneThatIsCutOffIsFatal() throws IOException {
    byte[] noise = new byte[5000];
    new Random(1).nextBytes(noise);
    byte[] whole = new TestInitrd().with("init", noise).gzipped();
    initrd(Arrays.copyOf(whole, whole.length - 40));
    assertThat(findings())
        .containsExactly(
            fatal(
                "/boot/slipway/initrd of the image cannot be read to its end. The initrd is cut"
                    + " off: its last archive has no end."
                    + WAY_OUT));
  }

  @Test
  void noiseIsFatal() throws IOException {
    byte[] noise = new byte[300_000];
    new Random(1).nextBytes(noise);
    initrd(noise);
    assertThat(findings())
        .containsExactly(
            fatal(
                "/boot/slipway/initrd of the image cannot be read to its end. The initrd is in a"
                    + " format that Slipway does not read: a part of it is no cpio, plain or"
                    + " compressed with gzip, zstd, xz or bzip2."
                    + WAY_OUT));
  }

  @Test
  void oneWithNothingInItIsFatal() throws IOException {
    Finding nothing = fatal("/boot/slipway/initrd of the image has no file in it." + WAY_OUT);
    initrd(new byte[0]);
    assertThat(findings()).containsExactly(nothing);
    initrd(new TestInitrd().gzipped());
    assertThat(findings()).containsExactly(nothing);
  }

  @Test
  void oneThatCannotBeReadIsRefusedByAPreparationUnlessTheCheckIsOff() throws IOException {
    initrd("404 not found".getBytes(StandardCharsets.US_ASCII));
    assertThatThrownBy(() -> prepare(CheckChoice.MEND_ALL))
        .isInstanceOf(OperatorError.class)
        .hasMessageStartingWith("/boot/slipway/initrd of the image cannot be read to its end.");

    PreparedImage prepared = prepare(CheckChoice.MEND_ALL.without(Set.of("kept-initrd")));
    assertThat(prepared.kernelVersion()).isEqualTo(KERNEL);
  }

  @Test
  void driversThatAreNeitherInItNorInTheKernelAreNamed() throws IOException {
    initrd(new TestInitrd().drivers(KERNEL, "ext4").gzipped());
    builtIn("kernel/fs/xfs/xfs.ko\n");
    assertThat(findings())
        .containsExactly(
            note(
                "/boot/slipway/initrd has no driver virtio_pci, virtio_blk, nor is it part of the"
                    + " kernel 6.1.0-tiny, so a machine that needs it would not find its root."));
  }

  @Test
  void driversThatTheKernelMayHaveBuiltInAreNamedWithThatDoubt() throws IOException {
    initrd(new TestInitrd().drivers(KERNEL, "virtio-pci", "virtio-blk", "ext4").plain());
    assertThat(findings())
        .containsExactly(
            note(
                "/boot/slipway/initrd has no driver xfs, and whether the kernel 6.1.0-tiny has it"
                    + " built in cannot be seen without its modules.builtin; if not, a machine that"
                    + " needs it would not find its root."));
  }

  @Test
  void driversOfTheKernelItselfAreNotMissed() throws IOException {
    initrd(new TestInitrd().with("init", new byte[1]).gzipped());
    builtIn("kernel/a/xfs.ko\nkernel/a/ext4.ko\nkernel/a/virtio_pci.ko\nkernel/a/virtio-blk.ko\n");
    assertThat(findings()).isEmpty();
  }

  @Test
  void whatFollowsACompressedPartIsNotedAndNotRefused() throws IOException {
    byte[] plain = new TestInitrd().with("init", new byte[1]).plain();
    byte[] zstd = Zstd.compress(plain);
    byte[] both = Arrays.copyOf(zstd, zstd.length + plain.length);
    System.arraycopy(plain, 0, both, zstd.length, plain.length);
    initrd(both);
    assertThat(findings())
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.text())
                    .startsWith(
                        "/boot/slipway/initrd has something behind its compressed part that Slipway"
                            + " does not open ("));
  }

  @Test
  void oneThatOnlyLinuxDecompressesIsNotedAndNotRefused() throws IOException {
    byte[] lz4 = {0x02, 0x21, 0x4c, 0x18, 1, 2, 3, 4};
    initrd(lz4);
    assertThat(findings())
        .containsExactly(
            note(
                "/boot/slipway/initrd is compressed with lz4, which Slipway does not open, so"
                    + " nobody has looked whether it is whole and has the drivers for its root."
                    + " With gzip, zstd, xz or bzip2 it would be looked through."));
  }

  @Test
  void oneThatDoesNotBootIsNotLookedAt() throws IOException {
    initrd(new byte[0]);
    try (Image image = image()) {
      assertThat(Checkup.of(root, image, options(InitrdSource.MAKE, CheckChoice.MEND_ALL)))
          .extracting(Finding::check)
          .doesNotContain("kept-initrd");
    }
  }

  private void initrd(byte[] content) throws IOException {
    Files.write(root.resolve("boot/slipway/initrd"), content);
  }

  private void builtIn(String modules) throws IOException {
    Path directory = Files.createDirectories(root.resolve("lib/modules/" + KERNEL));
    Files.writeString(directory.resolve("modules.builtin"), modules);
  }

  private static Finding fatal(String text) {
    return new Finding("kept-initrd", Finding.Kind.FATAL, text);
  }

  private static Finding note(String text) {
    return new Finding("kept-initrd", Finding.Kind.NOTE, text);
  }

  private List<Finding> findings() {
    try (Image image = image()) {
      return Checkup.of(root, image, options(InitrdSource.KEEP, CheckChoice.MEND_ALL)).stream()
          .filter(found -> found.check().equals("kept-initrd"))
          .toList();
    }
  }

  private PreparedImage prepare(CheckChoice checks) {
    try (Image image = image()) {
      return new OsImagePreparation().prepare(root, image, options(InitrdSource.KEEP, checks));
    }
  }

  private Image image() {
    return LocalImages.open("rootfs:" + root);
  }

  private static PreparationOptions options(InitrdSource initrd, CheckChoice checks) {
    return new PreparationOptions(
        initrd,
        KernelChoice.NEWEST,
        Set.of("xfs"),
        Optional.empty(),
        Path.of(System.getProperty("slipway.home"), "dracut"),
        checks);
  }
}
