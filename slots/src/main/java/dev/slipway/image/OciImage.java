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
 * An image as the OCI image specification describes it: from a descriptor, through indexes, to the
 * manifest for linux/amd64, its configuration and its layers. Every document is held to its digest
 * and its media type.
 */
public final class OciImage {
  private static final Set<String> MANIFESTS =
      Set.of(
          "application/vnd.oci.image.manifest.v1+json",
          "application/vnd.docker.distribution.manifest.v2+json");
  private static final Set<String> CONFIGS =
      Set.of(
          "application/vnd.oci.image.config.v1+json",
          "application/vnd.docker.container.image.v1+json");
  private static final int MAX_DEPTH = 4;

  private final String reference;
  private final Blobs blobs;

  private OciImage(String reference, Blobs blobs) {
    this.reference = reference;
    this.blobs = blobs;
  }

  /**
   * Reads everything but the layers' contents.
   *
   * @param reference what messages call it
   * @param top of a manifest, or of an index that leads to it
   * @throws ImageException when it is damaged, no image, or not for linux/amd64
   */
  public static Image open(String reference, Descriptor top, Blobs blobs) {
    try {
      return new OciImage(reference, blobs).image(top);
    } catch (JsonException e) {
      throw new ImageException(
          reference + " is damaged (" + e.getMessage() + "). Fetch it again.", e);
    }
  }

  private Image image(Descriptor top) {
    Descriptor descriptor = top;
    for (int depth = 0; OciIndex.isNamedBy(descriptor); depth++) {
      if (depth == MAX_DEPTH) {
        throw new ImageException(
            reference + " is damaged: its indexes go on and on. Fetch it again.");
      }
      JsonObject index = document(descriptor, blobs.manifest(descriptor));
      refuseTwofold(index, "layers", "config");
      descriptor = Descriptor.from(OciIndex.forThisPlatform(reference, OciIndex.images(index)));
    }
    return ofManifest(descriptor);
  }

  private Image ofManifest(Descriptor descriptor) {
    if (!MANIFESTS.contains(descriptor.mediaType())) {
      throw new ImageException(
          reference
              + " is not a container image but \""
              + descriptor.mediaType()
              + "\". Name an image.");
    }
    JsonObject manifest = document(descriptor, blobs.manifest(descriptor));
    refuseTwofold(manifest, "manifests");
    Descriptor configDescriptor = Descriptor.from(manifest.object("config"));
    if (!CONFIGS.contains(configDescriptor.mediaType())) {
      throw new ImageException(
          reference
              + " is not a container image but an artifact of \""
              + configDescriptor.mediaType()
              + "\". Name an image.");
    }
    JsonObject config = document(configDescriptor, blobs.blob(configDescriptor));
    return new StoredImage(
        reference,
        descriptor.digest(),
        ImageConfig.parse(config),
        layers(manifest, config),
        blobs.areRemote());
  }

  // A document that can be read as an index and as a manifest means different things to different
  // readers (CVE-2021-41190).
  private void refuseTwofold(JsonObject document, String... ofTheOtherKind) {
    for (String member : ofTheOtherKind) {
      if (document.has(member)) {
        throw new ImageException(
            reference
                + " has a document that is an index and a manifest at once; no honest tool writes that.");
      }
    }
  }

  private List<Layer> layers(JsonObject manifest, JsonObject config) {
    List<Descriptor> descriptors =
        manifest.objects("layers").stream().map(Descriptor::from).toList();
    List<Digest> diffIds = Documents.diffIds(config);
    Documents.requireSameNumber(reference, descriptors.size(), diffIds.size());
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < descriptors.size(); i++) {
      layers.add(
          new TarLayer(
              "layer " + (i + 1) + " of " + reference,
              blobs.blob(descriptors.get(i)),
              Optional.of(descriptors.get(i).digest()),
              Optional.of(diffIds.get(i))));
    }
    return layers;
  }

  private JsonObject document(Descriptor descriptor, Supplier<InputStream> stored) {
    byte[] document = Documents.read(stored, reference);
    Digest found = Digest.of(document);
    if (!found.equals(descriptor.digest())) {
      throw new ImageException(
          reference
              + " is damaged: a document's digest should be "
              + descriptor.digest()
              + " and is "
              + found
              + ". Fetch it again.");
    }
    JsonObject read = Json.readObject(document);
    Optional<String> type = read.optionalString("mediaType");
    if (type.isPresent() && !type.get().equals(descriptor.mediaType())) {
      throw new ImageException(
          reference
              + " is damaged: a document calls itself "
              + type.get()
              + ", and what names it calls it "
              + descriptor.mediaType()
              + ".");
    }
    return read;
  }
}
