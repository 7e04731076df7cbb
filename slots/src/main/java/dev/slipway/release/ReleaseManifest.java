package dev.slipway.release;

import dev.slipway.json.Json;
import dev.slipway.json.JsonException;
import dev.slipway.json.JsonObject;
import dev.slipway.linux.OperatorError;
import dev.slipway.tree.Digest;
import dev.slipway.tree.TreeException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The OCI image manifest of a prepared operating system: a configuration and exactly one layer,
 * which holds the whole tree (OCI image-spec, manifest.md).
 *
 * @param annotations sorted by key when written
 */
public record ReleaseManifest(
    Descriptor config, Descriptor layer, Map<String, String> annotations) {
  /** Media type of the manifest itself. */
  public static final String MEDIA_TYPE = "application/vnd.oci.image.manifest.v1+json";

  /** Media type of the configuration. */
  public static final String CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";

  /** Media type of the layer: a tar, compressed with zstd. */
  public static final String LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar+zstd";

  /**
   * Another document that the manifest names.
   *
   * @param size in bytes
   */
  public record Descriptor(String mediaType, Digest digest, long size) {
    private JsonObject json() {
      return JsonObject.EMPTY
          .with("mediaType", mediaType)
          .with("digest", digest.toString())
          .with("size", size);
    }

    private static Descriptor from(JsonObject json) {
      long size = json.integer("size");
      if (size < 0) {
        throw new JsonException("\"size\" is negative");
      }
      return new Descriptor(json.string("mediaType"), Digest.parse(json.string("digest")), size);
    }
  }

  /** Keeps its own copy. */
  public ReleaseManifest {
    annotations = Map.copyOf(annotations);
  }

  /**
   * Reads a manifest.
   *
   * @throws OperatorError when it is no OCI image manifest, or not one of a prepared system
   */
  public static ReleaseManifest read(byte[] utf8) {
    try {
      JsonObject json = Json.readObject(utf8);
      if (json.integer("schemaVersion") != 2
          || !json.optionalString("mediaType").orElse(MEDIA_TYPE).equals(MEDIA_TYPE)) {
        throw new JsonException("it is not of the media type " + MEDIA_TYPE);
      }
      List<JsonObject> layers = json.objects("layers");
      if (layers.size() != 1) {
        throw new JsonException("it has " + layers.size() + " layers, a release has exactly one");
      }
      ReleaseManifest manifest =
          new ReleaseManifest(
              Descriptor.from(json.object("config")),
              Descriptor.from(layers.get(0)),
              json.stringMap("annotations"));
      if (!manifest.layer().mediaType().equals(LAYER_TYPE)) {
        throw new JsonException("its layer is not of the media type " + LAYER_TYPE);
      }
      return manifest;
    } catch (JsonException | TreeException e) {
      throw new OperatorError("This is not the manifest of a release: " + e.getMessage() + ".", e);
    }
  }

  /** The manifest as it is stored and sent: its digest is of exactly these bytes. */
  public byte[] write() {
    JsonObject sorted = JsonObject.EMPTY;
    for (Map.Entry<String, String> annotation : new TreeMap<>(annotations).entrySet()) {
      sorted = sorted.with(annotation.getKey(), annotation.getValue());
    }
    return JsonObject.EMPTY
        .with("schemaVersion", 2)
        .with("mediaType", MEDIA_TYPE)
        .with("config", config.json())
        .with("layers", List.of(layer.json()))
        .with("annotations", sorted)
        .write()
        .getBytes(StandardCharsets.UTF_8);
  }

  /** What it says about the release, when it is one and not just a prepared image. */
  public Optional<ReleaseDescription> description() {
    return ReleaseDescription.from(annotations);
  }
}
