package dev.slipway.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.linux.OperatorError;
import dev.slipway.tree.Digest;
import dev.slipway.tree.Manifest;
import dev.slipway.tree.TreeScanner;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlotRecordsTest {
  @TempDir private Path directory;

  @Test
  void slotWithoutARecordIsEmpty() {
    assertThat(records().read("slot1")).isEqualTo(new SlotRecord.Empty("slot1"));
  }

  @Test
  void everyStateIsReadAsItWasWritten() {
    SlotRecord.Staging staging = new SlotRecord.Staging("slot1", "oci:web", "01JD");
    records().write(staging);
    assertThat(records().read("slot1")).isEqualTo(staging);

    records().write(new SlotRecord.Empty("slot1"));
    assertThat(records().read("slot1")).isEqualTo(new SlotRecord.Empty("slot1"));

    Manifest manifest = manifest("content");
    for (Optional<ReleaseName> release :
        java.util.List.of(Optional.<ReleaseName>empty(), Optional.of(ReleaseName.parse("web:2")))) {
      SlotRecord.Ready ready = ready(manifest, release);
      records().write(ready, manifest);
      assertThat(records().read("slot1")).isEqualTo(ready);
      assertThat(records().manifest(ready).map(Manifest::digest)).contains(manifest.digest());
    }
  }

  @Test
  void recordCannotMeanAManifestThatItDoesNotHave() {
    SlotRecord.Ready ready = ready(manifest("one"), Optional.empty());
    assertThatThrownBy(() -> records().write(ready, manifest("two")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(records().read("slot1")).isEqualTo(new SlotRecord.Empty("slot1"));
  }

  @Test
  void damagedManifestIsNotHandedOut() throws Exception {
    Manifest manifest = manifest("content");
    SlotRecord.Ready ready = ready(manifest, Optional.empty());
    records().write(ready, manifest);
    Files.writeString(slots().resolve("slot1.manifest"), manifest("other").write());
    assertThat(records().manifest(ready)).isEmpty();
  }

  @Test
  void manifestGoesWhenTheSlotIsWrittenAnew() {
    Manifest manifest = manifest("content");
    records().write(ready(manifest, Optional.empty()), manifest);
    records().write(new SlotRecord.Staging("slot1", "oci:web", "01JE"));
    assertThat(slots().resolve("slot1.manifest")).doesNotExist();
  }

  @Test
  void damagedRecordSaysWhereItLiesAndWhatToDo() throws Exception {
    records().write(new SlotRecord.Empty("slot1"));
    for (String damage :
        new String[] {
          "",
          "{",
          "[]",
          "{\"slot\":\"slot1\",\"state\":\"good\"}",
          "{\"slot\":\"slot2\"," + "\"state\":\"empty\"}",
          "{\"slot\":\"slot1\",\"state\":\"ready\"}"
        }) {
      Files.writeString(slots().resolve("slot1.json"), damage);
      assertThatThrownBy(() -> records().read("slot1"))
          .as(damage)
          .isInstanceOf(OperatorError.class)
          .hasMessageContaining("slot1.json")
          .hasMessageContaining("Flash the slot again");
    }
  }

  private SlotRecords records() {
    return new SlotRecords(slots());
  }

  private Path slots() {
    return directory.resolve("slots");
  }

  private Manifest manifest(String content) {
    try {
      Path tree = Files.createDirectories(directory.resolve("tree"));
      Files.writeString(tree.resolve("file"), content);
      try (var entries = TreeScanner.of(tree)) {
        return Manifest.of(entries);
      }
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static SlotRecord.Ready ready(Manifest manifest, Optional<ReleaseName> release) {
    return new SlotRecord.Ready(
        "slot1",
        "oci-archive:web.tar",
        release,
        digest("image"),
        manifest.digest(),
        digest("kernel"),
        digest("initrd"),
        "6.1.0-50-amd64",
        "xfs",
        "7d1c4f0e-5a3e-4b9e-9d57-0d4f8a1c2b3d",
        Instant.parse("2026-11-21T10:00:00Z"),
        Instant.parse("2026-11-21T10:01:00.5Z"),
        "01JD");
  }

  private static Digest digest(String content) {
    return Digest.of(content.getBytes(StandardCharsets.UTF_8));
  }
}
