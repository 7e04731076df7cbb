package dev.slipway.controller.goldendisk;

import dev.slipway.boot.BootEnvironment;
import dev.slipway.boot.EnvironmentCopy;
import dev.slipway.boot.GrubModel;
import dev.slipway.controller.goldendisk.DiskInspection.SlotFinding;
import dev.slipway.disk.Gpt;
import dev.slipway.disk.Msdos;
import dev.slipway.disk.Partition;
import dev.slipway.disk.PartitionTable;
import dev.slipway.filesystem.Superblock;
import dev.slipway.json.JsonObject;
import dev.slipway.release.SlotRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says what an inspection found, for people and for programs. */
final class InspectionReport {
  private InspectionReport() {}

  static String text(DiskInspection found) {
    List<String> lines = new ArrayList<>();
    lines.add(found.image() + ": a Slipway disk of " + found.size());
    lines.add("partition table: " + table(found.table()));
    lines.add("boot environment, copy 1: " + copy(found.environment().first()));
    lines.add("boot environment, copy 2: " + copy(found.environment().second()));
    lines.add("next firmware boot: " + nextBoot(found.nextBoot()));
    lines.add("data partition: " + (found.data() ? "yes" : "none, and so no records of the slots"));
    for (SlotFinding slot : found.slots()) {
      lines.add("");
      lines.addAll(slot(slot, found.data()));
    }
    return String.join("\n", lines) + "\n";
  }

  private static String table(PartitionTable.Reading table) {
    if (table instanceof Msdos.Reading) {
      return "msdos";
    }
    Gpt.Reading gpt = (Gpt.Reading) table;
    if (gpt.whole()) {
      return "gpt, both copies are whole";
    }
    return gpt.primaryWhole()
        ? "gpt, the copy at the end of the disk is damaged"
        : "gpt, the copy at the start of the disk is damaged; the one at its end was read";
  }

  private static JsonObject tableJson(PartitionTable.Reading table) {
    JsonObject json =
        JsonObject.EMPTY
            .with("kind", table.table().kind().token())
            .with("id", table.table().diskId());
    return table instanceof Gpt.Reading gpt
        ? json.with("primaryWhole", gpt.primaryWhole()).with("backupWhole", gpt.backupWhole())
        : json;
  }

  private static String copy(EnvironmentCopy copy) {
    if (copy instanceof EnvironmentCopy.Damaged damaged) {
      return "damaged: " + damaged.why();
    }
    BootEnvironment environment = ((EnvironmentCopy.Valid) copy).environment();
    return "default "
        + environment.defaultSlot()
        + environment
            .trial()
            .map(trial -> ", trial of " + trial.slot() + " (" + trial.tries() + " boots left)")
            .orElse(", no trial")
        + ", generation "
        + environment.generation();
  }

  private static String nextBoot(GrubModel.BootDecision next) {
    return next.slot().orElse("none: GRUB can load no slot")
        + " ("
        + next.mode().token()
        + (next.why().isEmpty() ? "" : ", " + next.why())
        + ")";
  }

  private static List<String> slot(SlotFinding found, boolean records) {
    List<String> lines = new ArrayList<>();
    Partition partition = found.slot().partition();
    lines.add(
        found.slot().name()
            + ": "
            + new ByteSize(partition.size())
            + " ("
            + partition.size()
            + " bytes) at byte "
            + partition.offset()
            + ", "
            + found
                .record()
                .map(SlotRecord::state)
                .orElse(records ? "without a readable record" : "as its partition shows it"));
    found
        .fileSystem()
        .ifPresent(
            fileSystem -> {
              lines.add("  file system  " + fileSystem.kind().token() + " " + fileSystem.uuid());
              lines.add("  features     " + String.join(", ", fileSystem.featureNames()));
            });
    found.system().ifPresent(system -> lines.add("  system       " + system));
    found
        .ready()
        .ifPresent(
            ready -> {
              lines.add("  image        " + ready.reference());
              ready.release().ifPresent(release -> lines.add("  release      " + release));
              lines.add("  digest       " + ready.digest());
              lines.add("  kernel       " + ready.kernelVersion());
            });
    lines.add("  GRUB         " + grub(found, records));
    return lines;
  }

  private static String grub(SlotFinding found, boolean records) {
    if (!found.readable()) {
      return "finds nothing to boot";
    }
    return found
        .asRecorded()
        .map(
            same ->
                same
                    ? "reads kernel and initrd as they were written"
                    : "reads a kernel or initrd that is NOT what was written")
        .orElse("reads a kernel and an initrd" + (records ? " that no record speaks of" : ""));
  }

  static JsonObject json(DiskInspection found) {
    return JsonObject.EMPTY
        .with("disk", found.image().toString())
        .with("size", found.size().bytes())
        .with("table", tableJson(found.table()))
        .with("data", found.data())
        .with(
            "environment",
            JsonObject.EMPTY
                .with("first", copyJson(found.environment().first()))
                .with("second", copyJson(found.environment().second()))
                .with("chosen", found.environment().chosen()))
        .with(
            "nextBoot",
            JsonObject.EMPTY
                .withOptional("slot", found.nextBoot().slot())
                .with("mode", found.nextBoot().mode().token())
                .with("why", found.nextBoot().why()))
        .with("slots", found.slots().stream().map(InspectionReport::slotJson).toList());
  }

  private static JsonObject copyJson(EnvironmentCopy copy) {
    if (copy instanceof EnvironmentCopy.Damaged damaged) {
      return JsonObject.EMPTY.with("valid", false).with("why", damaged.why());
    }
    BootEnvironment environment = ((EnvironmentCopy.Valid) copy).environment();
    JsonObject json =
        JsonObject.EMPTY
            .with("valid", true)
            .with("generation", environment.generation())
            .with("default", environment.defaultSlot());
    return environment
        .trial()
        .map(trial -> json.with("try", trial.slot()).with("tries", trial.tries()))
        .orElse(json)
        .with("transaction", environment.transaction().text());
  }

  private static JsonObject slotJson(SlotFinding found) {
    Optional<SlotRecord.Ready> ready = found.ready();
    JsonObject json =
        JsonObject.EMPTY
            .with("name", found.slot().name())
            .with("partition", found.slot().partition().number())
            .with("partitionUuid", found.slot().partition().id().text())
            .with("offset", found.slot().partition().offset())
            .with("size", found.slot().partition().size())
            .with("state", found.record().map(SlotRecord::state).orElse("unknown"))
            .withOptional("fileSystem", found.fileSystem().map(fs -> fs.kind().token()))
            .withOptional(
                "fileSystemUuid",
                found.fileSystem().map(Superblock::uuid).map(uuid -> uuid.toString()))
            .withOptional("system", found.system())
            .withOptional("reference", ready.map(SlotRecord.Ready::reference))
            .withOptional(
                "release",
                ready.flatMap(SlotRecord.Ready::release).map(release -> release.toString()))
            .withOptional("digest", ready.map(record -> record.digest().toString()))
            .withOptional("kernelVersion", ready.map(SlotRecord.Ready::kernelVersion))
            .with("bootable", found.readable());
    JsonObject withFeatures =
        found
            .fileSystem()
            .map(fileSystem -> json.withStrings("features", fileSystem.featureNames()))
            .orElse(json);
    return found
        .asRecorded()
        .map(same -> withFeatures.with("bootFilesAsRecorded", same.booleanValue()))
        .orElse(withFeatures);
  }
}
