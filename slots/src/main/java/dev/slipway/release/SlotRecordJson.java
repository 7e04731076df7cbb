package dev.slipway.release;

import dev.slipway.json.JsonException;
import dev.slipway.json.JsonObject;
import dev.slipway.tree.Digest;
import java.time.Instant;

/** The form of slot records in files. */
final class SlotRecordJson {
  private SlotRecordJson() {}

  static JsonObject write(SlotRecord record) {
    JsonObject start = JsonObject.EMPTY.with("slot", record.slot()).with("state", record.state());
    if (record instanceof SlotRecord.Staging staging) {
      return start
          .with("reference", staging.reference())
          .with("transaction", staging.transaction());
    }
    if (record instanceof SlotRecord.Ready ready) {
      return start
          .with("reference", ready.reference())
          .withOptional("release", ready.release().map(ReleaseName::toString))
          .with("digest", ready.digest().toString())
          .with("manifest", ready.manifest().toString())
          .with("kernel", ready.kernel().toString())
          .with("initrd", ready.initrd().toString())
          .with("kernelVersion", ready.kernelVersion())
          .with("filesystem", ready.fileSystem())
          .with("fileSystemUuid", ready.fileSystemUuid())
          .with("writtenAt", ready.writtenAt().toString())
          .with("verifiedAt", ready.verifiedAt().toString())
          .with("transaction", ready.transaction());
    }
    return start;
  }

  static SlotRecord read(JsonObject json) {
    String slot = json.string("slot");
    return switch (json.string("state")) {
      case "empty" -> new SlotRecord.Empty(slot);
      case "staging" ->
          new SlotRecord.Staging(slot, json.string("reference"), json.string("transaction"));
      case "ready" ->
          new SlotRecord.Ready(
              slot,
              json.string("reference"),
              json.optionalString("release").map(ReleaseName::parse),
              Digest.parse(json.string("digest")),
              Digest.parse(json.string("manifest")),
              Digest.parse(json.string("kernel")),
              Digest.parse(json.string("initrd")),
              json.string("kernelVersion"),
              json.string("filesystem"),
              json.string("fileSystemUuid"),
              Instant.parse(json.string("writtenAt")),
              Instant.parse(json.string("verifiedAt")),
              json.string("transaction"));
      default -> throw new JsonException("\"state\" is neither empty, staging nor ready");
    };
  }
}
