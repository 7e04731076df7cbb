package dev.slipway.image;

import dev.slipway.json.Json;
import dev.slipway.json.JsonException;
import dev.slipway.json.JsonObject;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * An OCI image layout (image-spec, image-layout.md), in a directory or an archive: {@code
 * index.json} leads to an image by its tag.
 */
final class OciLayout implements Blobs {
  private static final String TAG = "org.opencontainers.image.ref.name";

  private final String reference;
  private final ImageFiles files;

  private OciLayout(String reference, ImageFiles files) {
    this.reference = reference;
    this.files = files;
  }

  static Image open(String reference, ImageFiles files, Selection selection) {
    OciLayout layout = new OciLayout(reference, files);
    try {
      Descriptor top = Descriptor.from(layout.choose(layout.index(), selection));
      return OciImage.open(reference, top, layout);
    } catch (JsonException e) {
      throw new ImageException(
          reference + " is damaged (" + e.getMessage() + "). Fetch it again.", e);
    }
  }

  private JsonObject index() {
    if (files.find("oci-layout").isEmpty()) {
      throw new ImageException(
          reference
              + " is no OCI image layout: it has no file \"oci-layout\". An archive of docker save goes by docker-archive:.");
    }
    return files
        .find("index.json")
        .map(file -> Json.readObject(Documents.read(file, reference)))
        .orElseThrow(
            () ->
                new ImageException(
                    reference
                        + " is incomplete: it has no index.json. Copy the whole image again."));
  }

  private JsonObject choose(JsonObject index, Selection selection) {
    if (selection instanceof Selection.At at) {
      return at(index.objects("manifests"), at.index());
    }
    List<JsonObject> images = OciIndex.images(index);
    List<String> tags =
        images.stream()
            .flatMap(image -> OciIndex.annotations(image).optionalString(TAG).stream())
            .distinct()
            .toList();
    String known = tags.isEmpty() ? "no tags" : "these tags: " + String.join(", ", tags);
    List<JsonObject> candidates = images;
    if (selection instanceof Selection.Named named) {
      Optional<String> tag = Optional.of(named.name());
      candidates =
          images.stream()
              .filter(image -> OciIndex.annotations(image).optionalString(TAG).equals(tag))
              .toList();
      if (candidates.isEmpty()) {
        throw new ImageException(reference + " is not in that layout; it has " + known + ".");
      }
    } else if (tags.size() > 1) {
      throw new ImageException(
          reference
              + " holds several images; say which, with a colon and the tag behind the path, or with :@"
              + " and its place in index.json, counted from 0. It has "
              + known
              + ".");
    }
    return candidates.size() == 1
        ? candidates.get(0)
        : OciIndex.forThisPlatform(reference, candidates);
  }

  private JsonObject at(List<JsonObject> images, int index) {
    if (index >= images.size()) {
      throw new ImageException(
          reference
              + " is not in that layout; its index.json lists "
              + images.size()
              + " images, counted from 0.");
    }
    return images.get(index);
  }

  @Override
  public boolean areRemote() {
    return false;
  }

  @Override
  public Supplier<InputStream> manifest(Descriptor descriptor) {
    return blob(descriptor);
  }

  @Override
  public Supplier<InputStream> blob(Descriptor descriptor) {
    return files
        .find("blobs/sha256/" + descriptor.digest().hex())
        .orElseThrow(
            () ->
                new ImageException(
                    reference
                        + " is incomplete: it lacks "
                        + descriptor.digest()
                        + (descriptor.urls().isEmpty()
                            ? ""
                            : ", which is a layer that is only to be had elsewhere")
                        + ". Copy the whole image again, for example with skopeo copy."));
  }
}
