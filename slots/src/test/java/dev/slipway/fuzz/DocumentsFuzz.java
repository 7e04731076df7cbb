package dev.slipway.fuzz;

import dev.slipway.image.ImageConfig;
import dev.slipway.json.Json;
import dev.slipway.json.JsonException;
import dev.slipway.json.JsonObject;
import dev.slipway.linux.OperatorError;
import dev.slipway.release.ReleaseManifest;
import java.nio.charset.StandardCharsets;

/** Any bytes are a JSON document of its kind or refused; what was read reads the same again. */
public final class DocumentsFuzz {
  private DocumentsFuzz() {}

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] data) {
    try {
      ReleaseManifest manifest = ReleaseManifest.read(data);
      if (!ReleaseManifest.read(manifest.write()).equals(manifest)) {
        throw new AssertionError(new String(manifest.write(), StandardCharsets.UTF_8));
      }
    } catch (OperatorError refused) {
      // With a sentence.
    }
    try {
      Json document = Json.read(data);
      if (!Json.read(document.write()).equals(document)) {
        throw new AssertionError(document.write());
      }
      if (document instanceof JsonObject object) {
        ImageConfig.parse(object);
      }
    } catch (JsonException refused) {
      // With what is wrong.
    }
  }
}
