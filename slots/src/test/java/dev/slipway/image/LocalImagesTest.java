package dev.slipway.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.slipway.json.Json;
import dev.slipway.json.JsonObject;
import dev.slipway.linux.Command;
import dev.slipway.linux.OperatorError;
import dev.slipway.linux.Scratch;
import dev.slipway.tree.Digest;
import dev.slipway.tree.Manifest;
import dev.slipway.tree.TarBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/**
 * Images are read from every form they come in, and what is wrong with one is said in a sentence.
 */
class LocalImagesTest {
  private static final byte[] LOWER =
      new TarBytes().directory("etc").file("etc/name", "lower").file("gone", "x").bytes();
  private static final byte[] UPPER =
      new TarBytes().file("etc/name", "upper").file(".wh.gone", "").bytes();

  @RegisterExtension final Scratch work = new Scratch();

  private Manifest unpack(String reference) {
    try (Image image = LocalImages.open(reference)) {
      return LayerStack.unpack(image, Files.createTempDirectory(work.directory(), "root"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void assertRefused(String reference, String... saying) {
    assertThatThrownBy(() -> unpack(reference))
        .isInstanceOf(OperatorError.class)
        .message()
        .contains(saying)
        .endsWith(".");
  }

  private Path layout(ImageFixture fixture) {
    try {
      return fixture.directory(Files.createTempDirectory(work.directory(), "layout"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static ImageFixture twoLayers() {
    ImageFixture fixture = new ImageFixture();
    return fixture.top(ImageFixture.tagged(fixture.image("amd64", LOWER, UPPER), "latest"));
  }

  @Test
  void skopeosFormsOfOneImageGiveOneTree() {
    Path layout = layout(twoLayers());
    Manifest expected = unpack("oci:" + layout);
    assertThat(expected.entries()).hasSize(3);

    for (String form :
        List.of(
            "docker-archive:" + work.resolve("docker.tar") + ":name:latest",
            "oci-archive:" + work.resolve("oci.tar") + ":latest",
            "oci:" + work.resolve("oci-copy") + ":other")) {
      Command.of("skopeo", "--insecure-policy", "copy", "-q", "oci:" + layout + ":latest", form)
          .run();
      assertThat(unpack(form)).as(form).isEqualTo(expected);
      // Without its tag too, where there is only one image.
      assertThat(unpack(form.replaceAll("(tar|copy):.*", "$1"))).as(form).isEqualTo(expected);
    }
  }

  @Test
  void anOldDockerArchiveWithLinkedAndCompressedLayersIsRead() throws IOException {
    byte[] config = ImageFixture.config("amd64", List.of(LOWER, UPPER, LOWER));
    String name = Digest.of(config).hex() + ".json";
    byte[] tar =
        new TarBytes()
            .file("aaa/layer.tar", LOWER)
            .file("bbb/layer.tar", ImageFixture.gzip(UPPER))
            .link("ccc/layer.tar", "../aaa/layer.tar")
            .file(name, config)
            .file(
                "manifest.json",
                "[{\"Config\":\""
                    + name
                    + "\",\"RepoTags\":[\"os12:latest\"],"
                    + "\"Layers\":[\"aaa/layer.tar\",\"bbb/layer.tar\",\"ccc/layer.tar\"]}]")
            .bytes();
    Path archive = Files.write(work.resolve("old.tar"), tar);

    try (Image image = LocalImages.open("docker-archive:" + archive + ":os12")) {
      assertThat(image.digest()).isEqualTo(Digest.of(config));
      assertThat(image.config().command()).containsExactly("/sbin/init");
      assertThat(image.config().stopSignal()).isEmpty();
      assertThat(image.layers()).hasSize(3);
    }
    assertThat(unpack("docker-archive:" + archive).entries()).hasSize(4);
    assertRefused("docker-archive:" + archive + ":os13", "os13", "it has these names: os12:latest");
  }

  @Test
  void theImageForThisPlatformIsChosenAndAttestationsAreNot() {
    ImageFixture fixture = new ImageFixture();
    byte[] wanted = new TarBytes().file("amd64", "").bytes();
    JsonObject attestation =
        fixture
            .image("amd64", new TarBytes().file("attestation", "").bytes())
            .with(
                "platform", JsonObject.EMPTY.with("architecture", "unknown").with("os", "unknown"));
    JsonObject v3 =
        fixture
            .image("amd64", new TarBytes().file("v3", "").bytes())
            .with(
                "platform",
                JsonObject.EMPTY
                    .with("architecture", "amd64")
                    .with("os", "linux")
                    .with("variant", "v3"));
    JsonObject arm = fixture.image("arm64", new TarBytes().file("arm64", "").bytes());
    fixture.top(
        ImageFixture.tagged(
            fixture.index(attestation, arm, v3, fixture.image("amd64", wanted)), "latest"));

    assertThat(unpack("oci:" + layout(fixture)).entries())
        .extracting(entry -> entry.path().toString())
        .containsExactly(".", "amd64");
  }

  @Test
  void anImageForAnotherPlatformIsRefused() {
    ImageFixture index = new ImageFixture();
    index.top(index.index(index.image("arm64", LOWER), index.image("s390x", LOWER)));
    ImageFixture alone = new ImageFixture();
    alone.top(alone.image("arm64", LOWER));

    assertRefused("oci:" + layout(index), "linux/arm64, linux/s390x", "--platform linux/amd64");
    assertRefused("oci:" + layout(alone), "linux/arm64", "--platform linux/amd64");
  }

  @Test
  void anUnknownOrMissingTagIsAnsweredWithTheKnownOnes() {
    ImageFixture fixture = new ImageFixture();
    fixture.top(
        ImageFixture.tagged(fixture.image("amd64", LOWER), "one"),
        ImageFixture.tagged(fixture.image("amd64", UPPER), "two"));
    Path layout = layout(fixture);

    assertRefused("oci:" + layout, "say which", "one, two");
    assertRefused("oci:" + layout + ":three", "three", "one, two");
    assertThat(unpack("oci:" + layout + ":one").entries()).hasSize(4);
  }

  @Test
  void anImageOfSeveralIsFoundByItsPlace() throws IOException {
    ImageFixture fixture = new ImageFixture();
    fixture.top(
        ImageFixture.tagged(fixture.image("amd64", LOWER), "one"),
        ImageFixture.tagged(fixture.image("amd64", UPPER), "two"),
        fixture.index(fixture.image("arm64", LOWER), fixture.image("amd64", LOWER, UPPER)));
    Path archive = fixture.archive(work.resolve("oci.tar"));

    for (String form : List.of("oci:" + layout(fixture), "oci-archive:" + archive)) {
      assertThat(unpack(form + ":@0").entries()).hasSize(4);
      assertThat(unpack(form + ":@1")).isEqualTo(unpack(form + ":two"));
      assertThat(unpack(form + ":@2").entries()).hasSize(3);
      assertRefused(form + ":@3", ":@3 is not in that layout", "lists 3 images, counted from 0");
      assertRefused(form + ":@", "before no number", "@0");
      assertRefused(form + ":@-1", "before no number");
      assertRefused(form + ":@one", "before no number");
      assertRefused(form + ":@3000000000", "before no number");
    }
  }

  @Test
  void anImageOfADockerArchiveWithoutNamesIsFoundByItsPlace() throws IOException {
    TarBytes tar = new TarBytes();
    List<String> images = new ArrayList<>();
    for (byte[] layer : List.of(LOWER, UPPER)) {
      byte[] config = ImageFixture.config("amd64", List.of(layer));
      String name = Digest.of(config).hex();
      tar.file(name + "/layer.tar", layer).file(name + ".json", config);
      images.add(
          "{\"Config\":\"%1$s.json\",\"RepoTags\":null,\"Layers\":[\"%1$s/layer.tar\"]}"
              .formatted(name));
    }
    tar.file("manifest.json", images.toString());
    String form = "docker-archive:" + Files.write(work.resolve("docker.tar"), tar.bytes());

    assertThat(unpack(form + ":@0").entries()).hasSize(4);
    assertThat(unpack(form + ":@1").entries()).hasSize(3);
    assertRefused(form, "holds 2 images", "docker-archive:PATH:@INDEX");
    assertRefused(form + ":@2", "not in that archive", "it has 2 images, counted from 0");
    assertRefused(form + ":@x", "before no number");
  }

  @Test
  void aDamagedBlobIsNoticedWhereverItIs() {
    ImageFixture fixture = new ImageFixture();
    JsonObject descriptor = fixture.image("amd64", LOWER);
    String manifest = new String(fixture.content(descriptor), StandardCharsets.UTF_8);
    String layer = Digest.of(ImageFixture.gzip(LOWER)).hex();
    String config = Digest.of(ImageFixture.config("amd64", List.of(LOWER))).hex();
    fixture.top(descriptor);
    byte[] other = ImageFixture.gzip(UPPER);

    assertRefused(
        "oci:" + layout(fixture.file("blobs/sha256/" + layer, other)),
        "layer 1",
        "is damaged",
        layer);
    fixture.file("blobs/sha256/" + layer, Arrays.copyOf(ImageFixture.gzip(LOWER), 60));
    assertRefused("oci:" + layout(fixture), "layer 1");
    fixture.file("blobs/sha256/" + config, ImageFixture.utf8("{}"));
    assertRefused("oci:" + layout(fixture), "a document's digest", config);
    fixture.without("blobs/sha256/" + config);
    assertRefused("oci:" + layout(fixture), "incomplete", config, "skopeo copy");
    fixture.file(
        "blobs/sha256/" + Digest.of(ImageFixture.utf8(manifest)).hex(),
        ImageFixture.utf8(manifest + " "));
    assertRefused("oci:" + layout(fixture), "a document's digest");
  }

  @Test
  void aLayerWithAnotherContentThanItsDiffIdIsNoticed() {
    ImageFixture fixture = new ImageFixture();
    JsonObject layer = fixture.blob("application/vnd.oci.image.layer.v1.tar", UPPER);
    JsonObject config =
        fixture.blob(
            "application/vnd.oci.image.config.v1+json",
            ImageFixture.config("amd64", List.of(LOWER)));
    JsonObject manifest =
        JsonObject.EMPTY
            .with("schemaVersion", 2)
            .with("config", config)
            .with("layers", List.of(layer));
    fixture.top(
        fixture.blob(
            "application/vnd.oci.image.manifest.v1+json", ImageFixture.utf8(manifest.write())));

    assertRefused(
        "oci:" + layout(fixture),
        "The content of layer 1",
        Digest.of(LOWER).hex(),
        Digest.of(UPPER).hex());
  }

  @Test
  void aDocumentThatIsTwoThingsAtOnceIsRefused() {
    ImageFixture fixture = new ImageFixture();
    JsonObject both = JsonObject.EMPTY.with("manifests", List.of()).with("layers", List.of());
    fixture.top(
        fixture.blob("application/vnd.oci.image.index.v1+json", ImageFixture.utf8(both.write())));

    assertRefused("oci:" + layout(fixture), "an index and a manifest at once");
  }

  @Test
  void everyCompressionGivesTheSameTree() throws IOException {
    byte[] half = Arrays.copyOf(LOWER, 700);
    byte[] rest = Arrays.copyOfRange(LOWER, 700, LOWER.length);
    byte[] skippable = {0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3};
    ByteArrayOutputStream xz = new ByteArrayOutputStream();
    try (OutputStream out = new XZOutputStream(xz, new LZMA2Options(1))) {
      out.write(LOWER);
    }
    Manifest expected = unpack("rootfs:" + Files.write(work.resolve("plain"), LOWER));
    assertThat(expected.entries()).hasSize(4);

    for (byte[] compressed :
        List.of(
            ImageFixture.gzip(LOWER),
            joined(ImageFixture.gzip(half), ImageFixture.gzip(rest)),
            Zstd.compress(LOWER),
            joined(skippable, Zstd.compress(half), skippable, Zstd.compress(rest), skippable),
            xz.toByteArray(),
            bzip2(LOWER),
            joined(bzip2(half), bzip2(rest)))) {
      assertThat(unpack("rootfs:" + Files.write(work.resolve("archive"), compressed)))
          .isEqualTo(expected);
      byte[] cut = Arrays.copyOf(compressed, compressed.length * 2 / 3);
      assertRefused("rootfs:" + Files.write(work.resolve("archive"), cut), "archive");
    }
  }

  /** As skopeo stores it; chunked has frames behind the archive that say what is where in it. */
  @ParameterizedTest
  @ValueSource(strings = {"zstd", "zstd:chunked"})
  void zstdLayersAreReadAndHeldToTheirDigestsToTheirLastByte(String compression)
      throws IOException {
    ImageFixture gzip = new ImageFixture();
    gzip.top(gzip.image("amd64", LOWER));
    Path source = layout(gzip);
    Path layout = work.resolve("zstd");
    Command.of(
            "skopeo",
            "--insecure-policy",
            "copy",
            "-q",
            "--dest-compress-format",
            compression,
            "oci:" + source,
            "oci:" + layout)
        .run();
    Descriptor layer = onlyLayer(layout);
    assertThat(layer.mediaType()).endsWith("+zstd");
    Path file = layout.resolve("blobs/sha256").resolve(layer.digest().hex());
    byte[] stored = Files.readAllBytes(file);
    assertThat(new String(stored, StandardCharsets.ISO_8859_1).endsWith("GnUlInUx"))
        .as("has frames behind the archive")
        .isEqualTo(compression.equals("zstd:chunked"));

    assertThat(unpack("oci:" + layout)).isEqualTo(unpack("oci:" + source));

    byte[] changed = stored.clone();
    changed[changed.length - 1] ^= 1;
    byte[] skippable = {0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0};
    for (byte[] damaged :
        List.of(
            changed,
            Arrays.copyOf(stored, stored.length - 1),
            joined(stored, skippable),
            joined(stored, Zstd.compress(new byte[512])),
            joined(stored, new byte[] {0}))) {
      Files.write(file, damaged);
      assertRefused("oci:" + layout, "layer 1 of oci:" + layout);
    }
  }

  private static Descriptor onlyLayer(Path layout) throws IOException {
    JsonObject manifest =
        Json.readObject(Files.readAllBytes(layout.resolve("index.json")))
            .objects("manifests")
            .get(0);
    String digest = Digest.parse(manifest.string("digest")).hex();
    return Descriptor.from(
        Json.readObject(Files.readAllBytes(layout.resolve("blobs/sha256").resolve(digest)))
            .objects("layers")
            .get(0));
  }

  private static byte[] bzip2(byte[] data) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream bzip2 = new BZip2CompressorOutputStream(out)) {
      bzip2.write(data);
    }
    return out.toByteArray();
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  @Test
  void aDirectoryIsARootFileSystemToo() throws IOException {
    Manifest fromTar = unpack("rootfs:" + Files.write(work.resolve("plain"), LOWER));
    Path directory = work.makeDirectory("tree");
    try (Image image = LocalImages.open("rootfs:" + work.resolve("plain"))) {
      LayerStack.unpack(image, directory);
    }

    assertThat(unpack("rootfs:" + directory)).isEqualTo(fromTar);
    try (Image image = LocalImages.open("rootfs:" + directory)) {
      assertThat(image.digest()).isEqualTo(fromTar.digest());
    }
  }

  @Test
  void aPathMayHoldColons() {
    Path layout = work.makeDirectory("a:b");
    twoLayers().directory(layout);

    assertThat(unpack("oci:" + layout).entries()).hasSize(3);
    assertThat(unpack("oci:" + layout + ":latest").entries()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"docker-archive:", "oci-archive:", "rootfs:", "oci:"})
  void whatIsNotThereIsNamed(String transport) {
    assertRefused(transport + work.resolve("missing"), "missing");
  }

  @Test
  void theWrongKindOfThingIsAnsweredWithTheRightKind() throws IOException {
    Path layout = layout(twoLayers());
    Path ociArchive = twoLayers().archive(work.resolve("oci.tar"));
    Path text = Files.writeString(work.resolve("text"), "#!/bin/sh\n".repeat(100));
    Path compressed =
        Files.write(work.resolve("oci.tar.gz"), ImageFixture.gzip(Files.readAllBytes(ociArchive)));

    assertRefused("docker-archive:" + ociArchive, "no archive of docker save", "oci-archive:");
    assertRefused("docker-archive:" + layout, "should be an archive");
    assertRefused("oci:" + ociArchive, "should be a directory", "oci-archive:");
    assertRefused(
        "oci-archive:" + Files.write(work.resolve("rootfs.tar"), LOWER),
        "no OCI image layout",
        "docker-archive:");
    assertRefused("oci-archive:" + compressed, "compressed as a whole", "gunzip");
    assertRefused("oci-archive:" + text, "no tar archive");
    assertRefused("rootfs:" + text, "no tar archive");
    assertRefused("debian:12", "does not say what it is", "docker-archive:PATH");
  }
}
