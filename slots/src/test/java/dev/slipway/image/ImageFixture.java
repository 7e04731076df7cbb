package dev.slipway.image;

import dev.slipway.json.Json;
import dev.slipway.json.JsonObject;
import dev.slipway.tree.Digest;
import dev.slipway.tree.TarBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;

/** Builds OCI layouts and docker archives for tests, right or wrong in one place. */
final class ImageFixture {
  private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  private static final String INDEX = "application/vnd.oci.image.index.v1+json";

  private final Map<String, byte[]> files = new TreeMap<>();

  ImageFixture() {
    files.put("oci-layout", utf8("{\"imageLayoutVersion\":\"1.0.0\"}"));
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] gzip(byte[] data) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  static byte[] config(String architecture, List<byte[]> tars) {
    return utf8(
        JsonObject.EMPTY
            .with("architecture", architecture)
            .with("os", "linux")
            .with(
                "config",
                JsonObject.EMPTY
                    .withStrings("Env", List.of("PATH=/bin"))
                    .withStrings("Cmd", List.of("/sbin/init"))
                    .with("StopSignal", "")
                    .with("Labels", JsonObject.EMPTY.with("a", "b")))
            .with(
                "rootfs",
                JsonObject.EMPTY
                    .with("type", "layers")
                    .withStrings(
                        "diff_ids", tars.stream().map(tar -> Digest.of(tar).toString()).toList()))
            .write());
  }

  /** Stores a blob and returns its descriptor. */
  JsonObject blob(String mediaType, byte[] content) {
    files.put("blobs/sha256/" + Digest.of(content).hex(), content);
    return JsonObject.EMPTY
        .with("mediaType", mediaType)
        .with("digest", Digest.of(content).toString())
        .with("size", content.length);
  }

  /** Stores an image of these layers and returns the descriptor of its manifest. */
  JsonObject image(String architecture, byte[]... tars) {
    JsonObject config =
        blob("application/vnd.oci.image.config.v1+json", config(architecture, List.of(tars)));
    List<JsonObject> layers = new ArrayList<>();
    for (byte[] tar : tars) {
      layers.add(blob("application/vnd.oci.image.layer.v1.tar+gzip", gzip(tar)));
    }
    JsonObject manifest =
        JsonObject.EMPTY
            .with("schemaVersion", 2)
            .with("mediaType", MANIFEST)
            .with("config", config)
            .with("layers", layers);
    return blob(MANIFEST, utf8(manifest.write()))
        .with("platform", JsonObject.EMPTY.with("architecture", architecture).with("os", "linux"));
  }

  static JsonObject tagged(JsonObject descriptor, String tag) {
    return descriptor.with(
        "annotations", JsonObject.EMPTY.with("org.opencontainers.image.ref.name", tag));
  }

  /** Stores an index and returns its descriptor. */
  JsonObject index(JsonObject... manifests) {
    return blob(INDEX, utf8(indexOf(manifests).write()));
  }

  private static JsonObject indexOf(JsonObject... manifests) {
    return JsonObject.EMPTY
        .with("schemaVersion", 2)
        .with("mediaType", INDEX)
        .with("manifests", List.<Json>of(manifests));
  }

  /** Makes these the layout's images. */
  ImageFixture top(JsonObject... manifests) {
    return file("index.json", utf8(indexOf(manifests).write()));
  }

  ImageFixture file(String path, byte[] content) {
    files.put(path, content);
    return this;
  }

  ImageFixture without(String path) {
    files.remove(path);
    return this;
  }

  byte[] content(JsonObject descriptor) {
    return files.get("blobs/sha256/" + Digest.parse(descriptor.string("digest")).hex());
  }

  Path directory(Path directory) {
    files.forEach(
        (path, content) -> {
          Path file = directory.resolve(path);
          try {
            Files.createDirectories(file.getParent());
            Files.write(file, content);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    return directory;
  }

  Path archive(Path archive) {
    TarBytes tar = new TarBytes();
    files.forEach(tar::file);
    try {
      return Files.write(archive, tar.bytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
