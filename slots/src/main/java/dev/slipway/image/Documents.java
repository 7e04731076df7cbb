package dev.slipway.image;

import dev.slipway.json.JsonObject;
import dev.slipway.tree.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.function.Supplier;

/** The JSON documents that describe an image. */
final class Documents {
  /** What registries accept of a manifest (OCI distribution-spec, "Pushing Manifests"). */
  static final int LARGEST = 4 << 20;

  private Documents() {}

  static byte[] read(Supplier<InputStream> file, String reference) {
    try (InputStream in = file.get()) {
      byte[] document = in.readNBytes(LARGEST + 1);
      if (document.length > LARGEST) {
        throw new ImageException(
            reference + " has a document of more than 4 MiB, which no image needs.");
      }
      return document;
    } catch (IOException e) {
      throw new ImageException(reference + " cannot be read: " + e.getMessage() + ".", e);
    }
  }

  /** The digests of the uncompressed layers, the lowest first. */
  static List<Digest> diffIds(JsonObject config) {
    return config.object("rootfs").strings("diff_ids").stream().map(Digest::parse).toList();
  }

  static void requireSameNumber(String reference, int layers, int diffIds) {
    if (layers != diffIds) {
      throw new ImageException(
          reference
              + " is damaged: it has "
              + layers
              + " layers, and its configuration speaks of "
              + diffIds
              + ".");
    }
  }
}
