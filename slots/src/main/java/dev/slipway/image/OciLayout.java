package dev.slipway.image;

import dev.slipway.json.Json;
import dev.slipway.json.JsonException;
import dev.slipway.json.JsonObject;
import dev.slipway.tree.Digest;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * An OCI image layout (image-spec, image-layout.md), in a directory or an archive: {@code
 * index.json} leads through indexes to the manifest for linux/amd64.
 */
final class OciLayout {
  private static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
  private static final String DOCKER_INDEX =
      "application/vnd.docker.distribution.manifest.list.v2+json";
  private static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  private static final String DOCKER_MANIFEST =
      "application/vnd.docker.distribution.manifest.v2+json";
  private static final Set<String> CONFIGS =
      Set.of(
          "application/vnd.oci.image.config.v1+json",
          "application/vnd.docker.container.image.v1+json");
  private static final String TAG = "org.opencontainers.image.ref.name";
  private static final String ATTESTATION = "vnd.docker.reference.type";
  private static final int MAX_DEPTH = 4;

  private final String reference;
  private final ImageFiles files;

  private OciLayout(String reference, ImageFiles files) {
    this.reference = reference;
    this.files = files;
  }

  static Image open(String reference, ImageFiles files, Optional<String> tag) {
    OciLayout layout = new OciLayout(reference, files);
    try {
      return layout.image(tag);
    } catch (JsonException e) {
      throw new ImageException(
          reference + " is damaged: in its documents " + e.getMessage() + ".", e);
    }
  }

  private Image image(Optional<String> tag) {
    JsonObject descriptor = choose(descriptors(layoutIndex()), tag);
    for (int depth = 0; isIndex(descriptor); depth++) {
      if (depth == MAX_DEPTH) {
        throw new ImageException(reference + " is damaged: its indexes go on and on.");
      }
      JsonObject index = document(descriptor);
      refuseTwofold(index);
      descriptor = forThisPlatform(descriptors(index));
    }
    return ofManifest(descriptor);
  }

  private JsonObject layoutIndex() {
    if (files.find("oci-layout").isEmpty()) {
      throw new ImageException(
          reference
              + " is no OCI image layout: it has no file \"oci-layout\". An archive of docker save goes by docker-archive:.");
    }
    return files
        .find("index.json")
        .map(file -> Json.readObject(Documents.read(file, reference)))
        .orElseThrow(() -> new ImageException(reference + " is incomplete: it has no index.json."));
  }

  /** The images of an index, without the attestations that BuildKit puts beside them. */
  private static List<JsonObject> descriptors(JsonObject index) {
    return index.objects("manifests").stream()
        .filter(descriptor -> !annotations(descriptor).has(ATTESTATION))
        .filter(descriptor -> !platform(descriptor).equals("unknown/unknown"))
        .toList();
  }

  private static JsonObject annotations(JsonObject descriptor) {
    return descriptor.optionalObject("annotations").orElse(JsonObject.EMPTY);
  }

  private JsonObject choose(List<JsonObject> descriptors, Optional<String> tag) {
    List<String> tags =
        descriptors.stream()
            .flatMap(descriptor -> annotations(descriptor).optionalString(TAG).stream())
            .distinct()
            .toList();
    String known = tags.isEmpty() ? "no tags" : "these tags: " + String.join(", ", tags);
    List<JsonObject> candidates = descriptors;
    if (tag.isPresent()) {
      candidates =
          descriptors.stream()
              .filter(descriptor -> annotations(descriptor).optionalString(TAG).equals(tag))
              .toList();
      if (candidates.isEmpty()) {
        throw new ImageException(reference + " is not in that layout; it has " + known + ".");
      }
    } else if (tags.size() > 1) {
      throw new ImageException(
          reference
              + " holds several images; say which, with a colon and the tag behind the path. It has "
              + known
              + ".");
    }
    if (candidates.isEmpty()) {
      throw new ImageException(reference + " holds no image.");
    }
    return candidates.size() == 1 ? candidates.get(0) : forThisPlatform(candidates);
  }

  private JsonObject forThisPlatform(List<JsonObject> descriptors) {
    List<JsonObject> fitting =
        descriptors.stream()
            .filter(descriptor -> platform(descriptor).equals("linux/amd64"))
            .toList();
    // amd64 with a variant (v2, v3) asks for more of the processor than every host may have.
    return fitting.stream()
        .filter(descriptor -> variant(descriptor).isEmpty())
        .findFirst()
        .or(() -> fitting.stream().findFirst())
        .or(
            () ->
                descriptors.stream().filter(descriptor -> !descriptor.has("platform")).findFirst())
        .orElseThrow(
            () ->
                new ImageException(
                    reference
                        + " is not there for linux/amd64, which Slipway builds for; it has "
                        + String.join(", ", descriptors.stream().map(OciLayout::platform).toList())
                        + ". Pull or build it with --platform linux/amd64."));
  }

  private static String platform(JsonObject descriptor) {
    return descriptor
        .optionalObject("platform")
        .map(
            platform ->
                platform.optionalString("os").orElse("")
                    + "/"
                    + platform.optionalString("architecture").orElse(""))
        .orElse("");
  }

  private static Optional<String> variant(JsonObject descriptor) {
    return descriptor
        .optionalObject("platform")
        .flatMap(platform -> platform.optionalString("variant"))
        .filter(variant -> !variant.isEmpty() && !variant.equals("v1"));
  }

  private static boolean isIndex(JsonObject descriptor) {
    String type = descriptor.string("mediaType");
    return type.equals(OCI_INDEX) || type.equals(DOCKER_INDEX);
  }

  private Image ofManifest(JsonObject descriptor) {
    String type = descriptor.string("mediaType");
    if (!type.equals(OCI_MANIFEST) && !type.equals(DOCKER_MANIFEST)) {
      throw new ImageException(reference + " is not a container image but \"" + type + "\".");
    }
    JsonObject manifest = document(descriptor);
    refuseTwofold(manifest);
    JsonObject configDescriptor = manifest.object("config");
    if (!CONFIGS.contains(configDescriptor.string("mediaType"))) {
      throw new ImageException(
          reference
              + " is not a container image but an artifact of \""
              + configDescriptor.string("mediaType")
              + "\".");
    }
    JsonObject config = document(configDescriptor);
    return new StoredImage(
        reference,
        Digest.parse(descriptor.string("digest")),
        ImageConfig.parse(config),
        layers(manifest, config),
        files);
  }

  // A document that can be read as an index and as a manifest means different things to different
  // readers
  // (CVE-2021-41190).
  private void refuseTwofold(JsonObject document) {
    if (document.has("manifests") && (document.has("layers") || document.has("config"))) {
      throw new ImageException(
          reference
              + " has a document that is an index and a manifest at once; no honest tool writes that.");
    }
  }

  private List<Layer> layers(JsonObject manifest, JsonObject config) {
    List<JsonObject> descriptors = manifest.objects("layers");
    List<Digest> diffIds = Documents.diffIds(config);
    Documents.requireSameNumber(reference, descriptors.size(), diffIds.size());
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < descriptors.size(); i++) {
      layers.add(
          new TarLayer(
              "layer " + (i + 1) + " of " + reference,
              blob(descriptors.get(i)),
              Optional.of(Digest.parse(descriptors.get(i).string("digest"))),
              Optional.of(diffIds.get(i))));
    }
    return layers;
  }

  private JsonObject document(JsonObject descriptor) {
    byte[] document = Documents.read(blob(descriptor), reference);
    Digest expected = Digest.parse(descriptor.string("digest"));
    Digest found = Digest.of(document);
    if (!found.equals(expected)) {
      throw new ImageException(
          reference
              + " is damaged: a document's digest should be "
              + expected
              + " and is "
              + found
              + ". Fetch it again.");
    }
    JsonObject read = Json.readObject(document);
    Optional<String> type = read.optionalString("mediaType");
    if (type.isPresent() && !type.get().equals(descriptor.string("mediaType"))) {
      throw new ImageException(
          reference
              + " is damaged: a document calls itself "
              + type.get()
              + ", its index calls it "
              + descriptor.string("mediaType")
              + ".");
    }
    return read;
  }

  private Supplier<InputStream> blob(JsonObject descriptor) {
    Digest digest = Digest.parse(descriptor.string("digest"));
    return files
        .find("blobs/sha256/" + digest.hex())
        .orElseThrow(
            () ->
                new ImageException(
                    reference
                        + " is incomplete: it lacks "
                        + digest
                        + (descriptor.has("urls")
                            ? ", which is a layer that is only to be had elsewhere"
                            : "")
                        + ". Copy the whole image again, for example with skopeo copy."));
  }
}
