package dev.slipway.controller.registry;

import com.github.luben.zstd.ZstdOutputStream;
import dev.slipway.controller.progress.Counted;
import dev.slipway.image.ImageConfig;
import dev.slipway.json.JsonObject;
import dev.slipway.linux.OperatorError;
import dev.slipway.release.ReleaseManifest;
import dev.slipway.release.ReleaseManifest.Descriptor;
import dev.slipway.tree.Digest;
import dev.slipway.tree.EntryStream;
import dev.slipway.tree.TarWriter;
import dev.slipway.tree.TreeScanner;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * Writes a tree as an OCI image layout (OCI image-spec, image-layout.md): one layer, tar and zstd,
 * its configuration and its manifest. The same tree gives the same bytes.
 */
public final class OciImageWriter {
  /** Of zstd: the default, fast enough that the disk is the limit. */
  private static final int LEVEL = 3;

  private static final int BUFFER = 256 * 1024;

  private OciImageWriter() {}

  /**
   * Writes the layout.
   *
   * @param tree what becomes the layer
   * @param config what the image says about running it
   * @param annotations of the manifest
   * @param tag by which the layout's index names it
   * @param layout an empty directory
   * @param read is told how many bytes of files have been read
   */
  public static ReleaseManifest write(
      Path tree,
      ImageConfig config,
      Map<String, String> annotations,
      String tag,
      Path layout,
      LongConsumer read) {
    try {
      Files.createDirectories(blobs(layout));
      Path unfinished = layout.resolve("layer");
      MessageDigest packed = Digest.sha256();
      MessageDigest unpacked = Digest.sha256();
      try (EntryStream entries = Counted.entries(TreeScanner.of(tree), read);
          OutputStream file = Files.newOutputStream(unfinished);
          ZstdOutputStream zstd =
              new ZstdOutputStream(new DigestOutputStream(file, packed), LEVEL);
          OutputStream tar =
              new BufferedOutputStream(new DigestOutputStream(zstd, unpacked), BUFFER)) {
        zstd.setChecksum(true);
        TarWriter.write(entries, tar);
      }
      Digest layerDigest = Digest.finish(packed);
      Descriptor layer =
          new Descriptor(ReleaseManifest.LAYER_TYPE, layerDigest, Files.size(unfinished));
      Files.move(unfinished, blob(layout, layerDigest), StandardCopyOption.ATOMIC_MOVE);
      Descriptor configuration =
          put(layout, ReleaseManifest.CONFIG_TYPE, configJson(config, Digest.finish(unpacked)));
      ReleaseManifest manifest = new ReleaseManifest(configuration, layer, annotations);
      Descriptor top = put(layout, ReleaseManifest.MEDIA_TYPE, manifest.write());
      Files.write(layout.resolve("index.json"), indexJson(top, tag));
      Files.writeString(layout.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
      return manifest;
    } catch (IOException e) {
      throw new OperatorError(
          "The image could not be written below " + layout + ": " + e.getMessage() + ".", e);
    }
  }

  /**
   * Packs a layout into one file, an OCI archive.
   *
   * @param file what is in it is replaced
   * @param name what the file is called for people
   * @param read told how many more bytes have been packed
   * @throws OperatorError when it cannot be written
   */
  public static void archive(Path layout, Path file, Path name, LongConsumer read) {
    try (EntryStream entries = Counted.entries(TreeScanner.of(layout), read);
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), BUFFER)) {
      TarWriter.write(entries, out);
    } catch (IOException e) {
      throw new OperatorError(
          "The archive "
              + name
              + " could not be written: "
              + e.getMessage()
              + ". See whether there is room, or name a file on another file system.",
          e);
    }
  }

  /** Where a layout keeps the document of this digest. */
  public static Path blob(Path layout, Digest digest) {
    return blobs(layout).resolve(digest.hex());
  }

  private static Path blobs(Path layout) {
    return layout.resolve("blobs").resolve("sha256");
  }

  private static Descriptor put(Path layout, String mediaType, byte[] content) throws IOException {
    Digest digest = Digest.of(content);
    Files.write(blob(layout, digest), content);
    return new Descriptor(mediaType, digest, content.length);
  }

  private static byte[] configJson(ImageConfig config, Digest unpackedLayer) {
    JsonObject labels = JsonObject.EMPTY;
    for (Map.Entry<String, String> label : config.labels().entrySet()) {
      labels = labels.with(label.getKey(), label.getValue());
    }
    JsonObject running =
        JsonObject.EMPTY
            .withOptional("User", config.user())
            .withStrings("Env", config.environment())
            .withStrings("Entrypoint", config.entrypoint())
            .withStrings("Cmd", config.command())
            .withOptional("WorkingDir", config.workingDirectory())
            .withOptional("StopSignal", config.stopSignal())
            .with("Labels", labels);
    JsonObject rootfs =
        JsonObject.EMPTY
            .with("type", "layers")
            .withStrings("diff_ids", List.of(unpackedLayer.toString()));
    return bytes(
        JsonObject.EMPTY
            .with("architecture", config.architecture())
            .with("os", config.os())
            .with("config", running)
            .with("rootfs", rootfs));
  }

  private static byte[] indexJson(Descriptor manifest, String tag) {
    JsonObject entry =
        JsonObject.EMPTY
            .with("mediaType", manifest.mediaType())
            .with("digest", manifest.digest().toString())
            .with("size", manifest.size())
            .with("annotations", JsonObject.EMPTY.with("org.opencontainers.image.ref.name", tag));
    return bytes(
        JsonObject.EMPTY
            .with("schemaVersion", 2)
            .with("mediaType", "application/vnd.oci.image.index.v1+json")
            .with("manifests", List.of(entry)));
  }

  private static byte[] bytes(JsonObject json) {
    return json.write().getBytes(StandardCharsets.UTF_8);
  }
}
