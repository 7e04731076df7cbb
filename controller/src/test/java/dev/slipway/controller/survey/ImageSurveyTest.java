package dev.slipway.controller.survey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.image.Image;
import dev.slipway.image.ImageConfig;
import dev.slipway.image.Layer;
import dev.slipway.image.LayerStack;
import dev.slipway.image.LocalImages;
import dev.slipway.linux.Command;
import dev.slipway.tree.Digest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ImageSurveyTest {
  @TempDir private Path directory;

  @Test
  void debianTellsByDpkg() throws IOException {
    write("1/usr/lib/os-release", "NAME=\"Debian\"\nID=debian\nVERSION_ID=\"11\"\n");
    write(
        "1/var/lib/dpkg/status",
        """
        Package: e2fsprogs
        Essential: no
        Status: install ok installed
        Version: 1.46.2-2
        Description: ext2/ext3/ext4 file system utilities
         Version: 9.9 in a description is none

        Package: xfsprogs
        Status: deinstall ok config-files
        Version: 5.10.0-4
        """);
    write("1/lib/modules/5.10.0-28-amd64/modules.dep", "");
    write("1/boot/vmlinuz-5.10.0-28-amd64", "");

    ImageSurvey survey = survey("1");

    assertThat(survey.system()).isEqualTo(new OsRelease("debian", "11"));
    assertThat(survey.packages().version("e2fsprogs")).contains("1.46.2");
    assertThat(survey.packages().version("xfsprogs")).isEmpty();
    assertThat(survey.packages().lacks("xfsprogs")).isTrue();
    assertThat(survey.installedKernels()).containsExactly("5.10.0-28-amd64");
    assertThat(survey.broughtKernel()).isEmpty();
  }

  @Test
  void imagesWithoutAPackageManagerHaveAFileForEachPackage() throws IOException {
    write("1/var/lib/dpkg/status.d/base", "Package: base-files\nVersion: 12.4\n");
    write("1/var/lib/dpkg/status.d/e2fs", "Package: e2fsprogs\nVersion: 1:1.47.0-2+b2\n");

    assertThat(survey("1").packages().version("e2fsprogs")).contains("1.47.0");
    assertThat(survey("1").packages().lacks("xfsprogs")).isTrue();
  }

  @Test
  void aDatabaseTooLongToReadMayHideAPackage() throws IOException {
    write("1/var/lib/dpkg/status", dpkg("1.47.0-2") + "\n" + "x".repeat(16 << 20));

    assertThat(survey("1").packages().version("e2fsprogs")).contains("1.47.0");
    assertThat(survey("1").packages().lacks("xfsprogs")).isFalse();
  }

  @Test
  void alpineTellsByApk() throws IOException {
    write("1/etc/os-release", "ID=alpine\nVERSION_ID=3.20.3\n");
    write(
        "1/lib/apk/db/installed",
        "C:Q1x=\nP:e2fsprogs\nV:1.47.0-r5\nA:x86_64\n\nC:Q1y=\nP:e2fsprogs-libs\nV:1.40-r1\n\n");

    assertThat(survey("1").packages().versions()).containsExactly(Map.entry("e2fsprogs", "1.47.0"));
  }

  @Test
  void rpmTellsByTheHeadersInItsDatabase() throws IOException {
    String header = "C\0e2fsprogs\0%s\0%s\0Utilities for managing ext2, ext3 and ext4\0";
    String requires = "e2fsprogs\0libblkid\0e2fsprogs-libs(x86-64)\0001.46.5-7.el9\0";
    // The second one lies over the edge of the pieces in which it is read.
    write(
        "1/var/lib/rpm/rpmdb.sqlite",
        requires
            + header.formatted("1.47.1", "5.el9")
            + "x".repeat((1 << 20) - 220)
            + header.formatted("1.46.5", "7.el9")
            + requires);

    InstalledPackages packages = survey("1").packages();

    assertThat(packages.version("e2fsprogs")).as("the older of the two").contains("1.46.5");
    assertThat(packages.version("xfsprogs")).isEmpty();
    assertThat(packages.lacks("xfsprogs")).as("it may only be hidden").isFalse();
  }

  @Test
  void nothingIsKnownOfASystemWithoutADatabase() throws IOException {
    write("1/bin/tool", "x");

    assertThat(survey("1").packages()).isEqualTo(InstalledPackages.UNKNOWN);
    assertThat(survey("1").system()).isEqualTo(OsRelease.UNKNOWN);
    assertThat(survey("1").installedKernels()).isEmpty();
  }

  @Test
  void kernelsWithImageAndModulesAreInstalledTheNewestLast() throws IOException {
    write("1/usr/lib/modules/6.1.0-9-amd64/modules.dep", "");
    write("1/usr/lib/modules/6.1.0-9-amd64/vmlinuz", "");
    write("1/usr/lib/modules/6.1.0-56-amd64/modules.dep", "");
    write("1/boot/vmlinuz-6.1.0-56-amd64", "");
    write("1/usr/lib/modules/6.12.0-1-amd64/modules.dep", "");
    write("1/boot/vmlinuz-6.13.0-1-amd64", "");
    Files.createSymbolicLink(directory.resolve("1/lib"), Path.of("usr/lib"));

    assertThat(survey("1").installedKernels()).containsExactly("6.1.0-9-amd64", "6.1.0-56-amd64");
  }

  @Test
  void alpinesKernelsAreCalledByTheirFlavour() throws IOException {
    for (String flavour : List.of("lts", "virt")) {
      write("1/lib/modules/6.12.9-0-" + flavour + "/modules.dep", "");
      write("1/usr/share/kernel/" + flavour + "/kernel.release", "6.12.9-0-" + flavour + "\n");
    }
    write("1/boot/vmlinuz-lts", "");

    assertThat(survey("1").installedKernels())
        .as("the other is not complete")
        .containsExactly("6.12.9-0-lts");
  }

  @Test
  void aDirectoryInAKernelsPlaceIsNone() throws IOException {
    write("1/lib/modules/6.1.0-9-amd64/modules.dep", "");
    write("1/boot/vmlinuz-6.1.0-9-amd64/file", "");

    assertThat(survey("1").installedKernels()).isEmpty();
  }

  @Test
  void anInitIsThereThroughLinksOnly() throws IOException {
    write("1/usr/lib/systemd/systemd", "");
    Files.createDirectories(directory.resolve("1/usr/sbin"));
    Files.createSymbolicLink(directory.resolve("1/sbin"), Path.of("usr/sbin"));
    Files.createSymbolicLink(directory.resolve("1/lib"), Path.of("usr/lib"));
    Files.createSymbolicLink(
        directory.resolve("1/usr/sbin/init"), Path.of("../lib/systemd/systemd"));
    write("2/usr/lib/systemd/.wh.systemd", "");

    assertThat(survey("1").bootParts().orElseThrow().noInit()).isEmpty();
    assertThat(survey("1", "2").bootParts().orElseThrow().noInit()).isPresent();
  }

  @Test
  void upperLayersReplaceAndHideWhatLowerOnesHave() throws IOException {
    write("1/var/lib/dpkg/status", dpkg("1.46.2-2"));
    write("1/boot/vmlinuz-6.1.0-9", "");
    write("1/lib/modules/6.1.0-9/modules.dep", "");
    write("1/boot/vmlinuz-6.1.0-8", "");
    write("1/lib/modules/6.1.0-8/modules.dep", "");
    write("1/opt/large", "x".repeat(1 << 20));
    write("2/var/lib/dpkg/status", dpkg("1.47.0-2"));
    write("2/lib/modules/.wh.6.1.0-9", "");
    write("2/opt/.wh..wh..opq", "");

    ImageSurvey survey = survey("1", "2");

    assertThat(survey.packages().version("e2fsprogs")).contains("1.47.0");
    assertThat(survey.installedKernels()).containsExactly("6.1.0-8");
    assertThat(survey.bytes()).isLessThan(1 << 20);
    assertThat(survey("1").bytes()).isGreaterThan(1 << 20);
  }

  @Test
  void aFileOverADirectoryTakesWhatWasInIt() throws IOException {
    write("1/opt/large", "x".repeat(1 << 20));
    write("2/opt", "");

    assertThat(survey("1", "2").bytes()).isEqualTo(4096);
  }

  @Test
  void aKernelThatIsRemovedThroughALinkIsNotInstalled() throws IOException {
    write("1/usr/lib/modules/6.1.0-9/modules.dep", "");
    write("1/usr/lib/modules/6.1.0-9/vmlinuz", "");
    Files.createSymbolicLink(directory.resolve("1/lib"), Path.of("usr/lib"));
    write("2/lib/modules/.wh.6.1.0-9", "");
    Command.of("tar", "-C", "2", "-cf", "2.tar", "lib/modules/.wh.6.1.0-9")
        .directory(directory)
        .run();

    assertThat(survey("1").installedKernels()).contains("6.1.0-9");
    assertThat(survey("1", "2.tar").installedKernels()).isEmpty();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void layersAreSurveyedAsTheyAreUnpacked(long seed) throws IOException {
    try (Image layered = new RandomLayers(seed)) {
      Path root = Files.createDirectory(directory.resolve("root"));
      LayerStack.unpack(layered, root);
      ImageSurvey before = ImageSurvey.of(layered);

      ImageSurvey after = survey("root");

      assertThat(before.bytes()).isEqualTo(after.bytes());
      assertThat(before.installedKernels()).isEqualTo(after.installedKernels());
    }
  }

  static LongStream seeds() {
    return new SplittableRandom(Long.getLong("slipway.seed", System.nanoTime())).longs(200);
  }

  @Test
  void holesTakeNoRoom() throws IOException {
    Path tree = Files.createDirectories(directory.resolve("1"));
    try (RandomAccessFile file = new RandomAccessFile(tree.resolve("lastlog").toFile(), "rw")) {
      file.setLength(20L << 30);
      for (long place : List.of(0L, 5000L, 10L << 30)) {
        file.seek(place);
        file.writeBytes("here");
      }
    }
    long expected = (1 << 12) + 2 * (32 << 10);
    assertThat(survey("1").bytes()).as("directory").isEqualTo(expected);
    for (String format : List.of("pax --sparse-version=1.0", "pax --sparse-version=0.0", "gnu")) {
      Command.of("sh", "-ec", "tar --sparse --format=" + format + " -C 1 -cf sparse.tar .")
          .directory(directory)
          .run();
      assertThat(survey("sparse.tar").bytes()).as(format).isEqualTo(expected);
    }
  }

  private static String dpkg(String version) {
    return "Package: e2fsprogs\nStatus: install ok installed\nVersion: " + version + "\n";
  }

  private void write(String path, String content) throws IOException {
    Path file = directory.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content, StandardCharsets.ISO_8859_1);
  }

  private ImageSurvey survey(String... layers) {
    try (Image image = new Stacked(Stream.of(layers).map(this::layer).toList())) {
      return ImageSurvey.of(image);
    }
  }

  private Image layer(String name) {
    return LocalImages.open("rootfs:" + directory.resolve(name));
  }

  /** Directories as the layers of one image. */
  private record Stacked(List<Image> directories) implements Image {
    @Override
    public String reference() {
      return "stacked";
    }

    @Override
    public Digest digest() {
      return directories.get(0).digest();
    }

    @Override
    public ImageConfig config() {
      return directories.get(0).config();
    }

    @Override
    public List<Layer> layers() {
      return directories.stream().flatMap(image -> image.layers().stream()).toList();
    }

    @Override
    public void close() {
      directories.forEach(Image::close);
    }
  }
}
