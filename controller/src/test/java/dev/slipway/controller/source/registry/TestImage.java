package dev.slipway.controller.source.registry;

import dev.slipway.json.Json;
import dev.slipway.json.JsonObject;
import dev.slipway.tree.Digest;
import dev.slipway.tree.EntryStream;
import dev.slipway.tree.TarWriter;
import dev.slipway.tree.TreeScanner;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** The parts of images as a registry keeps them, right or wrong in one place. */
public final class TestImage {
  static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
  static final String DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
  static final String DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
  private static final String OCI_CONFIG = "application/vnd.oci.image.config.v1+json";
  private static final String DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json";
  private static final String OCI_LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";
  private static final String DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip";

  private final Map<Digest, byte[]> blobs = new LinkedHashMap<>();
  private final Map<Digest, Stored> manifests = new LinkedHashMap<>();

  /** A manifest or index; {@code json} is what it was written from. */
  public record Stored(String mediaType, String json) {
    byte[] bytes() {
      return utf8(json);
    }

    Digest digest() {
      return Digest.of(bytes());
    }
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** A directory as a layer's tar. */
  public static byte[] tar(Path tree) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (EntryStream entries = TreeScanner.of(tree)) {
      TarWriter.write(entries, out);
    }
    return out.toByteArray();
  }

  private static byte[] gzip(byte[] data) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(data);
    }
    return out.toByteArray();
  }

  Map<Digest, byte[]> blobs() {
    return blobs;
  }

  Map<Digest, Stored> manifests() {
    return manifests;
  }

  /** Of the layer that was added last: the largest blob. */
  public Digest largestBlob() {
    return blobs.entrySet().stream()
        .max(Map.Entry.comparingByValue((one, other) -> one.length - other.length))
        .orElseThrow()
        .getKey();
  }

  private JsonObject blob(String mediaType, byte[] content) {
    Digest digest = Digest.of(content);
    blobs.put(digest, content);
    return descriptor(mediaType, digest, content.length);
  }

  private static JsonObject descriptor(String mediaType, Digest digest, long size) {
    return JsonObject.EMPTY
        .with("mediaType", mediaType)
        .with("digest", digest.toString())
        .with("size", size);
  }

  /** Keeps a manifest or index as it is. */
  Stored manifest(String mediaType, JsonObject json) {
    Stored stored = new Stored(mediaType, json.write());
    manifests.put(stored.digest(), stored);
    return stored;
  }

  /** An image of the OCI's types with these layers, the lowest first. */
  public Stored image(String architecture, byte[]... tars) throws IOException {
    return manifest(OCI_MANIFEST, manifestOf(OCI_CONFIG, OCI_LAYER, architecture, tars));
  }

  /** The same of Docker's types. */
  Stored dockerImage(String architecture, byte[]... tars) throws IOException {
    JsonObject manifest = manifestOf(DOCKER_CONFIG, DOCKER_LAYER, architecture, tars);
    return manifest(DOCKER_MANIFEST, manifest.with("mediaType", DOCKER_MANIFEST));
  }

  JsonObject manifestOf(String configType, String layerType, String architecture, byte[]... tars)
      throws IOException {
    List<JsonObject> layers = new ArrayList<>();
    List<String> diffIds = new ArrayList<>();
    for (byte[] tar : tars) {
      layers.add(blob(layerType, gzip(tar)));
      diffIds.add(Digest.of(tar).toString());
    }
    return JsonObject.EMPTY
        .with("schemaVersion", 2)
        .with("mediaType", OCI_MANIFEST)
        .with("config", blob(configType, config(architecture, diffIds)))
        .with("layers", layers);
  }

  private static byte[] config(String architecture, List<String> diffIds) {
    return utf8(
        JsonObject.EMPTY
            .with("architecture", architecture)
            .with("os", "linux")
            .with("config", JsonObject.EMPTY.withStrings("Cmd", List.of("/sbin/init")))
            .with(
                "rootfs", JsonObject.EMPTY.with("type", "layers").withStrings("diff_ids", diffIds))
            .write());
  }

  /** How an index names an image for a platform such as linux/arm64. */
  static JsonObject named(Stored image, String platform) {
    int slash = platform.indexOf('/');
    return descriptor(image.mediaType(), image.digest(), image.bytes().length)
        .with(
            "platform",
            JsonObject.EMPTY
                .with("os", platform.substring(0, slash))
                .with("architecture", platform.substring(slash + 1)));
  }

  /** Writes it all as the OCI layout of one image. */
  public void layOut(Stored top, Path directory) throws IOException {
    Path files = Files.createDirectories(directory.resolve("blobs/sha256"));
    for (Map.Entry<Digest, byte[]> blob : blobs.entrySet()) {
      Files.write(files.resolve(blob.getKey().hex()), blob.getValue());
    }
    for (Map.Entry<Digest, Stored> manifest : manifests.entrySet()) {
      Files.write(files.resolve(manifest.getKey().hex()), manifest.getValue().bytes());
    }
    Files.writeString(directory.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    JsonObject only = descriptor(top.mediaType(), top.digest(), top.bytes().length);
    Files.writeString(
        directory.resolve("index.json"),
        JsonObject.EMPTY.with("schemaVersion", 2).with("manifests", List.<Json>of(only)).write());
  }

  Stored index(String mediaType, JsonObject... images) {
    return manifest(
        mediaType,
        JsonObject.EMPTY
            .with("schemaVersion", 2)
            .with("mediaType", mediaType)
            .with("manifests", List.<Json>of(images)));
  }
}
