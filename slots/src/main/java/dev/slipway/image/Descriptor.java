package dev.slipway.image;

import dev.slipway.json.JsonException;
import dev.slipway.json.JsonObject;
import dev.slipway.tree.Digest;
import java.util.List;

/**
 * Names a document or layer of an image (OCI image-spec, descriptor.md).
 *
 * @param size in bytes
 * @param urls where else it is to be had; some layers are to be had nowhere but there
 */
public record Descriptor(String mediaType, Digest digest, long size, List<String> urls) {
  /** Keeps its own copy. */
  public Descriptor {
    urls = List.copyOf(urls);
  }

  /** Of a document that lies where its image lies. */
  public Descriptor(String mediaType, Digest digest, long size) {
    this(mediaType, digest, size, List.of());
  }

  static Descriptor from(JsonObject json) {
    long size = json.integer("size");
    if (size < 0) {
      throw new JsonException("\"size\" is negative");
    }
    return new Descriptor(
        json.string("mediaType"), Digest.parse(json.string("digest")), size, json.strings("urls"));
  }
}
