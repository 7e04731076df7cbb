package dev.slipway.controller.goldendisk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.slipway.controller.osimage.CheckChoice;
import dev.slipway.filesystem.Feature;
import dev.slipway.filesystem.FileSystemKind;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code docs/disk.schema.json} tells editors what the reader takes, no more and no less. */
class DiskSchemaTest {
  private static final Path CHECKOUT = Path.of("").toAbsolutePath().getParent();
  private static final int DESCRIPTIONS = 500;

  /** Editors know YAML 1.2, where "off" is a word. */
  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS).build();

  private static final JsonNode DOCUMENT = document();
  private static final JsonSchema SCHEMA =
      JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(DOCUMENT);

  private static final List<String> PLACES_OF_KEYS =
      List.of(
          "/properties",
          "/$defs/data/properties",
          "/$defs/slot/properties",
          "/$defs/host/properties",
          "/$defs/user/properties",
          "/$defs/card/properties",
          "/$defs/build/properties",
          "/$defs/checks/properties",
          "/$defs/xfsFeatures/properties",
          "/$defs/ext4Features/properties");

  @TempDir private Path directory;

  private static JsonNode document() {
    try {
      return new ObjectMapper().readTree(CHECKOUT.resolve("docs/disk.schema.json").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void itIsASchemaOfItsDraft() {
    assertThat(
            JsonSchemaFactory.getInstance(VersionFlag.V202012)
                .getSchema(SchemaLocation.of(SchemaId.V202012))
                .validate(DOCUMENT))
        .isEmpty();
  }

  @Test
  void everyKeyOfTheReaderIsInItAndTheOtherWay() {
    Map<String, List<String>> keysOfTheReader = new HashMap<>();
    keysOfTheReader.put("/properties", DescriptionReader.KEYS);
    keysOfTheReader.put("/$defs/data/properties", DescriptionReader.DATA_KEYS);
    keysOfTheReader.put("/$defs/slot/properties", SlotReader.KEYS);
    keysOfTheReader.put("/$defs/host/properties", HostReader.KEYS);
    keysOfTheReader.put("/$defs/user/properties", HostReader.USER_KEYS);
    keysOfTheReader.put("/$defs/card/properties", NetworkReader.KEYS);
    keysOfTheReader.put("/$defs/build/properties", BuildReader.KEYS);
    keysOfTheReader.put("/$defs/checks/properties", CheckChoice.names());
    for (FileSystemKind kind : FileSystemKind.values()) {
      keysOfTheReader.put(
          "/$defs/" + kind.token() + "Features/properties",
          kind.features().stream().map(Feature::name).toList());
    }
    assertThat(keysOfTheReader).containsOnlyKeys(PLACES_OF_KEYS);
    keysOfTheReader.forEach(
        (place, keys) ->
            assertThat(keys(place)).as(place).containsExactlyInAnyOrderElementsOf(keys));
  }

  @Test
  void everyKeySaysWhatItMeans() {
    for (String place : PLACES_OF_KEYS) {
      for (String key : keys(place)) {
        assertThat(DOCUMENT.at(place).path(key).path("description").asText())
            .as(place + "/" + key)
            .endsWith(".");
      }
    }
  }

  static Stream<Path> examples() throws IOException {
    try (Stream<Path> files = Files.list(CHECKOUT.resolve("examples/disks"))) {
      return files.toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void anExampleIsRightForBoth(Path example) throws IOException {
    String text = Files.readString(example);

    assertThat(text).startsWith("# yaml-language-server: $schema=../../docs/disk.schema.json\n");
    assertThat(text).contains("disk build examples/disks/" + example.getFileName());
    assertThat(SCHEMA.validate(YAML.readTree(text))).isEmpty();
    assertThat(refusal(text)).isEmpty();
  }

  @Test
  void theDiskOfQuickstartIsRightForBoth() throws IOException {
    String text =
        Files.readString(CHECKOUT.resolve("examples/disk.yml.template"))
            .replace("@DEBIAN12@", "rootfs:debian12.tar")
            .replace("@DEBIAN13@", "docker-daemon:slipway-debian13:latest")
            .replace("@HASH@", "$6$salt$" + "x".repeat(86));

    assertThat(SCHEMA.validate(YAML.readTree(text))).isEmpty();
    assertThat(refusal(text)).isEmpty();
  }

  @Test
  void aBuildIsRightForBothWhereSomethingIsBuilt() throws IOException {
    String build = "build: {args: {A: b}, target: x, dockerfile: d/F}";
    String built = "slots: [{name: a, image: 'dockerfile:./db', %s}]\n".formatted(build);
    assertThat(SCHEMA.validate(YAML.readTree(built))).isEmpty();
    assertThat(refusal(built)).isEmpty();
    for (String wrong :
        List.of(
            built.replace("dockerfile:./db", "oci:db"),
            built.replace("A: b", "A: [b]"),
            built.replace("target:", "tagret:"),
            "slots: [{name: a, size: 1 GiB, %s}]\n".formatted(build))) {
      assertThat(SCHEMA.validate(YAML.readTree(wrong))).as(wrong).isNotEmpty();
      assertThat(refusal(wrong)).as(wrong).contains("line 1: ");
    }
  }

  @Test
  void aDiskWithoutDataIsRightForBothWithoutAgentAndHosts() {
    String disk = "data: off\nslots: [{name: a, image: 'oci:x'%s}]\n";
    for (String right : List.of(disk.formatted(""), disk.formatted(", agent: false"))) {
      assertThat(SCHEMA.validate(yaml(right))).as(right).isEmpty();
      assertThat(refusal(right)).as(right).isEmpty();
    }
    for (String wrong :
        List.of(
            disk.formatted(", agent: true"),
            disk.formatted("") + "host: {hostname: a}\n",
            disk.formatted("") + "hosts: {a: {}}\n",
            disk.formatted("").replace("off", "none"))) {
      assertThat(SCHEMA.validate(yaml(wrong))).as(wrong).isNotEmpty();
      assertThat(refusal(wrong)).as(wrong).contains(", line ");
    }
  }

  @Test
  void aPinnedKernelIsRightForBothWhereTheInitrdIsMade() {
    String slot = "slots: [{name: a, image: 'oci:x', %s}]\n";
    for (String right : List.of("kernel: 6.1.0-31-amd64", "kernel: 6.12.1, initrd: make")) {
      assertThat(SCHEMA.validate(yaml(slot.formatted(right)))).as(right).isEmpty();
      assertThat(refusal(slot.formatted(right))).as(right).isEmpty();
    }
    for (String wrong :
        List.of("kernel: 6.1.*", "kernel: newest", "kernel: 6.1.0-31-amd64, initrd: keep")) {
      assertThat(SCHEMA.validate(yaml(slot.formatted(wrong)))).as(wrong).isNotEmpty();
      assertThat(refusal(slot.formatted(wrong))).as(wrong).contains("line 1: 'slots[0].kernel' ");
    }
  }

  private static JsonNode yaml(String text) {
    try {
      return YAML.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void whatTheReaderTakesIsRight() {
    long seed = Long.getLong("slipway.seed", System.nanoTime());
    RandomDescription random = new RandomDescription(new Random(seed));
    for (int i = 0; i < DESCRIPTIONS; i++) {
      JsonNode description = random.good();
      assertThat(refusal(description.toString())).as("seed %d: %s", seed, description).isEmpty();
      assertThat(SCHEMA.validate(description)).as("seed %d: %s", seed, description).isEmpty();
    }
  }

  @Test
  void whatTheReaderRefusesIsWrong() {
    long seed = Long.getLong("slipway.seed", System.nanoTime());
    RandomDescription random = new RandomDescription(new Random(seed));
    for (int i = 0; i < DESCRIPTIONS; i++) {
      JsonNode description = random.bad();
      assertThat(refusal(description.toString()))
          .as("seed %d: %s", seed, description)
          .contains(", line 1: ");
      assertThat(SCHEMA.validate(description)).as("seed %d: %s", seed, description).isNotEmpty();
    }
  }

  /** In the reader's words; empty when it takes the text. */
  private String refusal(String text) {
    try {
      assertThat(
              DiskDescription.read(Files.writeString(directory.resolve("disk.yml"), text)).slots())
          .isNotEmpty();
      return "";
    } catch (OperatorError e) {
      return e.getMessage();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> keys(String pointer) {
    List<String> keys = new ArrayList<>();
    DOCUMENT.at(pointer).fieldNames().forEachRemaining(keys::add);
    return keys;
  }
}
