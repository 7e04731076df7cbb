package dev.slipway.controller.source.registry;

import dev.slipway.image.Descriptor;
import dev.slipway.image.ImageException;
import dev.slipway.json.Json;
import dev.slipway.json.JsonException;
import dev.slipway.json.JsonObject;
import dev.slipway.tree.Digest;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** The manifest or index that a reference names, held to its digests. */
final class RegistryManifest {
  private static final List<String> TYPES =
      List.of(
          "application/vnd.oci.image.index.v1+json",
          "application/vnd.oci.image.manifest.v1+json",
          "application/vnd.docker.distribution.manifest.list.v2+json",
          "application/vnd.docker.distribution.manifest.v2+json");

  /** What is asked for. */
  static final String ACCEPT = String.join(", ", TYPES);

  private static final Json SCHEMA_1 = new Json.Numeral(BigDecimal.ONE);
  private static final int TAGS_SHOWN = 20;

  private final Descriptor descriptor;
  private final byte[] bytes;

  private RegistryManifest(Descriptor descriptor, byte[] bytes) {
    this.descriptor = descriptor;
    this.bytes = bytes;
  }

  /** What it is. */
  Descriptor descriptor() {
    return descriptor;
  }

  /** Of the descriptor's digest. */
  byte[] bytes() {
    return bytes;
  }

  /**
   * Gets it.
   *
   * @throws dev.slipway.linux.OperatorError when it is not there or not to be had
   * @throws ImageException when it is not what it should be
   */
  static RegistryManifest get(RegistryConnection connection) {
    RegistryReference reference = connection.reference();
    RegistryDocument document = connection.document("manifests/" + reference.version(), ACCEPT);
    if (!document.isThere()) {
      throw missing(connection);
    }
    Digest digest = Digest.of(document.bytes());
    reference.digest().ifPresent(pin -> require(reference, pin, digest));
    document
        .header("Docker-Content-Digest")
        .filter(stated -> stated.startsWith("sha256:"))
        .ifPresent(stated -> require(reference, Digest.parse(stated), digest));
    return new RegistryManifest(
        new Descriptor(type(reference, document), digest, document.bytes().length),
        document.bytes());
  }

  private static void require(RegistryReference reference, Digest expected, Digest found) {
    if (!found.equals(expected)) {
      throw new ImageException(
          "docker://"
              + reference
              + " is refused: its manifest should have the digest "
              + expected
              + ", and what the registry sent has "
              + found
              + ". The registry, or something on the way to it, is broken or not honest; ask who runs"
              + " it.");
    }
  }

  /** What the registry says, or, where that says nothing, what the document does. */
  private static String type(RegistryReference reference, RegistryDocument document) {
    JsonObject manifest;
    try {
      manifest = Json.readObject(document.bytes());
    } catch (JsonException e) {
      throw new ImageException(
          "What "
              + reference.host()
              + " sent as docker://"
              + reference
              + " is no manifest of an image: "
              + e.getMessage()
              + ". Is it a registry?",
          e);
    }
    if (manifest.optional("schemaVersion").filter(SCHEMA_1::equals).isPresent()) {
      throw new ImageException(
          "docker://"
              + reference
              + " has a manifest of schema 1, which names layers without anything to check them by."
              + " Push it again with a docker of 2017 or later.");
    }
    return document
        .header("Content-Type")
        .map(type -> type.replaceFirst(";.*", "").strip())
        .filter(TYPES::contains)
        .or(() -> manifest.optionalString("mediaType"))
        .orElseThrow(
            () ->
                new ImageException(
                    "What "
                        + reference.host()
                        + " sent as docker://"
                        + reference
                        + " does not say what kind of manifest it is. Push it again with a current"
                        + " tool."));
  }

  private static ImageException missing(RegistryConnection connection) {
    RegistryReference reference = connection.reference();
    Optional<List<String>> tags = connection.tags(TAGS_SHOWN);
    if (tags.isEmpty()) {
      return new ImageException(
          "The registry "
              + reference.host()
              + " has no image "
              + reference.repository()
              + ", or shows it only to those who log in. Check the name, and log in with: "
              + reference.loginCommand()
              + ".");
    }
    String what =
        reference
            .digest()
            .map(digest -> "no manifest " + digest)
            .orElseGet(() -> "no tag " + reference.version());
    return new ImageException(
        reference.name()
            + " has "
            + what
            + (tags.get().isEmpty()
                ? ", nor any tag. Push it, or check the name."
                : "; its tags are "
                    + String.join(", ", tags.get())
                    + (tags.get().size() == TAGS_SHOWN ? " and perhaps more." : ".")
                    + " Name one of them."));
  }
}
