package dev.slipway.image;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.linux.Scratch;
import dev.slipway.tree.TarBytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no image, or only half of one, is named in one sentence with the way out. */
class ForeignArchiveTest {
  private static final byte[] LAYER =
      new TarBytes().directory("etc").file("etc/name", "x".repeat(2000)).bytes();

  /** Two blocks of zeros. */
  private static final int END_MARK = 1024;

  @RegisterExtension final Scratch work = new Scratch();

  static Stream<Arguments> foreignFilesOfEachKind() {
    byte[] noise = new byte[3000];
    new Random(4).nextBytes(noise);
    noise[0] = 0;
    return Stream.of("docker-archive:", "oci-archive:", "rootfs:")
        .flatMap(
            transport ->
                Stream.of(
                    Arguments.of(
                        transport, bytes("PK\003\004 and more"), "a zip archive", "rootfs:"),
                    Arguments.of(transport, bytes("QFI\373\0\0\0\3"), "(qcow2)", "mount its root"),
                    Arguments.of(transport, bytes("!<arch>\ndebian"), "Debian package", "Install"),
                    Arguments.of(transport, bytes("\177ELF\2"), "a program", "the right file"),
                    Arguments.of(transport, bytes("hsqs"), "squashfs", "mount its root"),
                    Arguments.of(
                        transport,
                        bytes("#!/bin/sh\n".repeat(100)),
                        "no tar archive",
                        "the right file"),
                    Arguments.of(transport, bytes("short"), "no tar archive", "the right file"),
                    Arguments.of(transport, noise, "no tar archive", "the right file"),
                    Arguments.of(transport, bytes(""), "is empty", "Fetch or make it again")));
  }

  @ParameterizedTest
  @MethodSource("foreignFilesOfEachKind")
  void aForeignFileIsNamedForWhatItIs(String transport, byte[] content, String what, String wayOut)
      throws IOException {
    Path file = Files.write(work.resolve("thing"), content);
    assertRefused(transport + file, transport + file, what, wayOut);
  }

  @ParameterizedTest
  @ValueSource(strings = {"docker-archive:", "oci-archive:"})
  void anArchiveThatIsCutOffAnywhereIsTold(String transport) throws IOException {
    byte[] whole = Files.readAllBytes(archive(transport));
    int content = whole.length - END_MARK;
    for (int part = 1; part < 8; part++) {
      Path cut =
          Files.write(work.resolve("cut-" + part), Arrays.copyOf(whole, content * part / 8 + 100));
      assertRefused(transport + cut, transport + cut, "is cut off", "Fetch or make it again");
    }
  }

  @Test
  void aRootFileSystemThatIsCutOffIsTold() throws IOException {
    Path cut = Files.write(work.resolve("cut"), Arrays.copyOf(LAYER, 1800));
    assertRefused("rootfs:" + cut, "rootfs:" + cut, "is cut off", "Fetch or make it again");
  }

  @Test
  void aStreamThatBreaksOffIsToldByTheNameOfItsImage() throws IOException {
    byte[] whole = Files.readAllBytes(archive("docker-archive:"));
    byte[] cut = Arrays.copyOf(whole, whole.length / 2);
    assertThatThrownBy(
            () ->
                SpooledImage.of(
                    "docker-daemon:os:1", new ByteArrayInputStream(cut), work.directory()))
        .isInstanceOf(ImageException.class)
        .hasMessageContainingAll("docker-daemon:os:1 cannot be read", "is cut off", "again.");
  }

  @Test
  void aDirectoryThatIsNoLayoutIsTold() {
    Path directory = work.makeDirectory("empty");
    assertRefused(
        "oci:" + directory, "oci:" + directory + " is no OCI image layout", "docker-archive:");
  }

  @Test
  void aDockerArchiveForAnotherPlatformIsRefused() throws IOException {
    Path archive = dockerArchive("arm64");
    assertRefused("docker-archive:" + archive, "is for linux/arm64", "--platform linux/amd64");
  }

  @Test
  void aLayerOfADockerArchiveWithAnotherDigestIsTold() throws IOException {
    byte[] config = ImageFixture.config("amd64", List.of(LAYER));
    byte[] other = new TarBytes().file("etc", "another").bytes();
    Path archive = Files.write(work.resolve("damaged.tar"), dockerArchive(config, other));
    assertRefused(
        "docker-archive:" + archive, "layer 1 of docker-archive:", "is damaged", "Fetch it again");
  }

  private void assertRefused(String reference, String... saying) {
    assertThatThrownBy(
            () -> {
              try (Image image = LocalImages.open(reference)) {
                LayerStack.unpack(image, Files.createTempDirectory(work.directory(), "root"));
              }
            })
        .isInstanceOf(dev.slipway.linux.OperatorError.class)
        .message()
        .contains(saying)
        .endsWith(".");
  }

  private Path archive(String transport) {
    if (transport.equals("docker-archive:")) {
      return dockerArchive("amd64");
    }
    ImageFixture fixture = new ImageFixture();
    return fixture.top(fixture.image("amd64", LAYER)).archive(work.resolve("oci.tar"));
  }

  private Path dockerArchive(String architecture) {
    try {
      return Files.write(
          work.resolve("docker.tar"),
          dockerArchive(ImageFixture.config(architecture, List.of(LAYER)), LAYER));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] dockerArchive(byte[] config, byte[] layer) {
    return new TarBytes()
        .file("config.json", config)
        .file("layer.tar", layer)
        .file(
            "manifest.json",
            "[{\"Config\":\"config.json\",\"RepoTags\":null,\"Layers\":[\"layer.tar\"]}]")
        .bytes();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
