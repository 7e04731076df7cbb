package dev.slipway.controller.source.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.image.Image;
import dev.slipway.image.LayerStack;
import dev.slipway.json.Json;
import dev.slipway.json.JsonObject;
import dev.slipway.linux.Command;
import dev.slipway.linux.OperatorError;
import dev.slipway.tree.Digest;
import dev.slipway.tree.TreeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a real registry. */
class RegistryPullTest {
  @TempDir private static Path directory;
  private static DockerRegistry registry;
  private static Digest twoLayers;
  private static byte[] lower;

  @TempDir private Path work;

  @BeforeAll
  static void registryWithImages() throws Exception {
    registry = DockerRegistry.in(Files.createDirectory(directory.resolve("registry")));
    lower = TestImage.tar(tree("lower", "etc/os", "old", "etc/gone", "gone"));
    byte[] upper = TestImage.tar(tree("upper", "etc/os", "new", "etc/.wh.gone", ""));
    TestImage image = new TestImage();
    TestImage.Stored stored = image.image("amd64", lower, upper);
    twoLayers = stored.digest();
    registry.with("team/os", "1", image, stored);
    registry.with("team/os", "latest", image, stored);
    for (String listType : new String[] {TestImage.OCI_INDEX, TestImage.DOCKER_LIST}) {
      TestImage several = new TestImage();
      boolean oci = listType.equals(TestImage.OCI_INDEX);
      byte[] tar = TestImage.tar(tree("several", "etc/os", "new"));
      byte[] other = TestImage.tar(tree("other", "etc/os", "other"));
      TestImage.Stored fits = oci ? several.image("amd64", tar) : several.dockerImage("amd64", tar);
      TestImage.Stored arm =
          oci ? several.image("arm64", other) : several.dockerImage("arm64", other);
      TestImage.Stored attestation = several.image("amd64", other);
      registry.with(
          "several",
          oci ? "oci" : "docker",
          several,
          several.index(
              listType,
              TestImage.named(attestation, "unknown/unknown"),
              TestImage.named(arm, "linux/arm64"),
              TestImage.named(fits, "linux/amd64")));
      registry.with(
          "foreign",
          oci ? "oci" : "docker",
          several,
          several.index(
              listType,
              TestImage.named(arm, "linux/arm64"),
              TestImage.named(arm, "windows/amd64"),
              TestImage.named(attestation, "unknown/unknown")));
    }
    TestImage arm = new TestImage();
    registry.with("foreign", "alone", arm, arm.image("arm64", lower));
  }

  @AfterAll
  static void stop() throws Exception {
    registry.close();
  }

  /** Pairs of a path and what the file there holds. */
  private static Path tree(String name, String... files) throws IOException {
    Path root = directory.resolve(name);
    for (int i = 0; i < files.length; i += 2) {
      Path file = root.resolve(files[i]);
      Files.createDirectories(file.getParent());
      Files.writeString(file, files[i + 1]);
    }
    return root;
  }

  private Image open(String name) {
    return new Pull(work.resolve("docker")).open(registry.host() + "/" + name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"team/os:1", "team/os", "team/os@DIGEST", "team/os:1@DIGEST"})
  void anImageArrivesWithItsLayersOverEachOther(String name) throws Exception {
    String reference = name.replace("DIGEST", twoLayers.toString());
    Path target = Files.createDirectory(work.resolve("tree"));
    try (Image image = open(reference)) {
      assertThat(image.reference()).startsWith("docker://" + registry.host() + "/team/os");
      assertThat(image.digest()).isEqualTo(twoLayers);
      assertThat(image.config().command()).containsExactly("/sbin/init");
      LayerStack.unpack(image, target);
    }
    assertThat(target.resolve("etc/os")).hasContent("new");
    assertThat(target.resolve("etc/gone")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"several:oci", "several:docker"})
  void ofSeveralPlatformsThisOneIsTaken(String name) throws Exception {
    Path target = Files.createDirectory(work.resolve("tree"));
    try (Image image = open(name)) {
      LayerStack.unpack(image, target);
    }
    assertThat(target.resolve("etc/os")).hasContent("new");
  }

  @ParameterizedTest
  @ValueSource(strings = {"zstd", "zstd:chunked"})
  void zstdLayersAreReadAndHeldToTheirDigestsToTheirLastByte(String compression) throws Exception {
    String repository = compression.replace(":", "-");
    TestImage image = new TestImage();
    byte[] tar = TestImage.tar(tree(repository, "etc/os", repository));
    Path layout = work.resolve("layout");
    image.layOut(image.image("amd64", tar), layout);
    Command.of(
            "skopeo",
            "--insecure-policy",
            "copy",
            "-q",
            "--dest-tls-verify=false",
            "--dest-compress-format",
            compression,
            "oci:" + layout,
            "docker://" + registry.host() + "/" + repository + ":1")
        .run();
    Path target = Files.createDirectory(work.resolve("tree"));
    try (Image opened = open(repository + ":1")) {
      LayerStack.unpack(opened, target);
    }
    assertThat(target.resolve("etc/os")).hasContent(repository);

    JsonObject descriptor = onlyLayer(repository + ":1");
    assertThat(descriptor.string("mediaType")).endsWith("+zstd");
    Path layer = registry.file(Digest.parse(descriptor.string("digest")));
    byte[] stored = Files.readAllBytes(layer);
    stored[stored.length - 1] ^= 1;
    Files.write(layer, stored);
    try (Image opened = open(repository + ":1")) {
      Path other = Files.createDirectory(work.resolve("other"));
      assertThatThrownBy(() -> LayerStack.unpack(opened, other))
          .isInstanceOf(OperatorError.class)
          .hasMessageContaining("layer 1 of docker://" + registry.host() + "/" + repository);
    }
  }

  /** By skopeo's word. */
  private static JsonObject onlyLayer(String name) {
    String place = "docker://" + registry.host() + "/" + name;
    String manifest =
        Command.of("skopeo", "inspect", "--tls-verify=false", "--raw", place).run().out();
    return Json.readObject(TestImage.utf8(manifest)).objects("layers").get(0);
  }

  @Test
  void anImageForOtherPlatformsSaysWhichItHas() {
    assertRefused("foreign:oci", "not there for linux/amd64", "it has linux/arm64, windows/amd64.");
    assertRefused("foreign:docker", "it has linux/arm64, windows/amd64.");
    assertRefused("foreign:alone", "is for linux/arm64", "--platform linux/amd64");
  }

  @Test
  void anUnknownImageAnUnknownTagAndAnUnknownDigestAreToldApart() {
    assertRefused("nothere", "has no image nothere", "Check the name");
    assertRefused("team/os:9", "/team/os has no tag 9; its tags are 1, latest. Name one of them.");
    assertRefused(
        "team/os@" + Digest.of(new byte[0]),
        "has no manifest sha256:e3b0",
        "its tags are 1, latest");
  }

  @Test
  void plainHttpIsForThisMachineAndForRegistriesThatTheOperatorLists() {
    // Leads here, and is not known for it by its name.
    String host = registry.host().replace("localhost", "LOCALHOST");
    Path docker = work.resolve("docker");
    assertThatThrownBy(() -> new Pull(docker).open(host + "/team/os:1"))
        .isInstanceOf(OperatorError.class)
        .hasMessageContaining("The registry " + host + " does not speak HTTPS")
        .hasMessageContaining("--plain-http " + host + ".");
    try (Image image = new Pull(docker, Set.of(host)).open(host + "/team/os:1")) {
      assertThat(image.digest()).isEqualTo(twoLayers);
    }
  }

  @Test
  void anImageOfARegistryIsRemote() {
    try (Image image = open("team/os")) {
      assertThat(image.isRemote()).isTrue();
    }
  }

  @Test
  void aLayerWhoseContentIsNotWhatItsConfigurationStatesIsRefused() throws Exception {
    TestImage image = new TestImage();
    byte[] other = TestImage.tar(tree("unlike", "etc/os", "unlike"));
    var config = image.manifestOf("application/vnd.oci.image.config.v1+json", "x", "amd64", other);
    var layers = image.manifestOf("application/vnd.oci.image.config.v1+json", "x", "amd64", lower);
    registry.with(
        "unlike",
        "1",
        image,
        image.manifest(TestImage.OCI_MANIFEST, layers.with("config", config.object("config"))));
    Path target = Files.createDirectory(work.resolve("tree"));
    try (Image opened = open("unlike:1")) {
      assertThatThrownBy(() -> LayerStack.unpack(opened, target))
          .isInstanceOf(OperatorError.class)
          .hasMessageContaining("The content of layer 1 of docker://" + registry.host())
          .hasMessageContaining("is damaged");
    }
  }

  private void assertRefused(String name, String... parts) {
    assertThatThrownBy(() -> open(name))
        .isInstanceOf(OperatorError.class)
        .isNotInstanceOf(TreeException.class)
        .message()
        .contains(parts)
        .contains(name.replaceFirst("[:@].*", ""));
  }
}
