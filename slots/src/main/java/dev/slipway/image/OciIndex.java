package dev.slipway.image;

import dev.slipway.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What an image index lists (OCI image-spec, image-index.md; Docker's manifest list is alike). */
final class OciIndex {
  private static final Set<String> MEDIA_TYPES =
      Set.of(
          "application/vnd.oci.image.index.v1+json",
          "application/vnd.docker.distribution.manifest.list.v2+json");
  private static final String ATTESTATION = "vnd.docker.reference.type";

  private OciIndex() {}

  static boolean isNamedBy(Descriptor descriptor) {
    return MEDIA_TYPES.contains(descriptor.mediaType());
  }

  /** The images of an index, without the attestations that BuildKit puts beside them. */
  static List<JsonObject> images(JsonObject index) {
    return index.objects("manifests").stream()
        .filter(image -> !annotations(image).has(ATTESTATION))
        .filter(image -> !platform(image).equals("unknown/unknown"))
        .toList();
  }

  static JsonObject annotations(JsonObject image) {
    return image.optionalObject("annotations").orElse(JsonObject.EMPTY);
  }

  /** The image for linux/amd64; {@code reference} is what messages call the whole. */
  static JsonObject forThisPlatform(String reference, List<JsonObject> images) {
    if (images.isEmpty()) {
      throw new ImageException(reference + " holds no image. See whether it is the right one.");
    }
    List<JsonObject> fitting =
        images.stream().filter(image -> platform(image).equals("linux/amd64")).toList();
    // amd64 with a variant (v2, v3) asks for more of the processor than every host may have.
    return fitting.stream()
        .filter(image -> variant(image).isEmpty())
        .findFirst()
        .or(() -> fitting.stream().findFirst())
        .or(() -> images.stream().filter(image -> !image.has("platform")).findFirst())
        .orElseThrow(
            () ->
                new ImageException(
                    reference
                        + " is not there for linux/amd64, which Slipway builds for; it has "
                        + String.join(", ", images.stream().map(OciIndex::platform).toList())
                        + ". Pull or build it with --platform linux/amd64."));
  }

  private static String platform(JsonObject image) {
    return image
        .optionalObject("platform")
        .map(
            platform ->
                platform.optionalString("os").orElse("")
                    + "/"
                    + platform.optionalString("architecture").orElse(""))
        .orElse("");
  }

  private static Optional<String> variant(JsonObject image) {
    return image
        .optionalObject("platform")
        .flatMap(platform -> platform.optionalString("variant"))
        .filter(variant -> !variant.isEmpty() && !variant.equals("v1"));
  }
}
