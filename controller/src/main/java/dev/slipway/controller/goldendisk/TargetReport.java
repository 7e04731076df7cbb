package dev.slipway.controller.goldendisk;

import dev.slipway.controller.targetdisk.DiskContents;
import dev.slipway.controller.targetdisk.TargetDisk;
import dev.slipway.disk.DiskLayout;
import dev.slipway.disk.Partition;
import dev.slipway.disk.PartitionTable;
import dev.slipway.linux.OperatorError;
import dev.slipway.release.SlotRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says to a person what a disk is and what is on it, before it is erased. */
public final class TargetReport {
  private TargetReport() {}

  /** Several lines. */
  public static String text(TargetDisk target) {
    List<String> lines = new ArrayList<>();
    lines.add(
        target.path()
            + target.alias().map(name -> " (" + name + ")").orElse("")
            + ": "
            + new ByteSize(target.size())
            + target.model().map(model -> ", " + printable(model)).orElse("")
            + ", "
            + target.identity().kind()
            + " "
            + target.identity().text());
    DiskContents contents = DiskContents.of(target.path());
    contents
        .table()
        .ifPresentOrElse(
            table -> {
              lines.add(
                  "  partition table "
                      + table.kind().token()
                      + (contents.partitions().isEmpty() ? ", without partitions" : ""));
              Optional<DiskLayout> slipway = slipway(table, target);
              contents
                  .partitions()
                  .forEach(content -> lines.add("  " + partition(content, slipway, target)));
            },
            () ->
                lines.add(
                    "  "
                        + contents
                            .damage()
                            .map(sentence -> "partition table damaged: " + printable(sentence))
                            .orElse(
                                "no partition table"
                                    + contents.whole().map(what -> ", " + what).orElse(""))));
    return String.join("\n", lines) + "\n";
  }

  private static Optional<DiskLayout> slipway(PartitionTable table, TargetDisk target) {
    try {
      return Optional.of(DiskLayout.of(table, target.path().toString()));
    } catch (OperatorError another) {
      return Optional.empty();
    }
  }

  private static String partition(
      DiskContents.Content content, Optional<DiskLayout> slipway, TargetDisk target) {
    Partition partition = content.partition();
    return partition.number()
        + ": "
        + new ByteSize(partition.size())
        + (partition.name().isEmpty() ? "" : " \"" + printable(partition.name()) + "\"")
        + content.what().map(what -> ", " + what).orElse("")
        + slipway
            .flatMap(layout -> slotIn(layout, partition, target))
            .map(slot -> ", " + slot)
            .orElse("");
  }

  /** What the disk's own records say about a slot. */
  private static Optional<String> slotIn(
      DiskLayout layout, Partition partition, TargetDisk target) {
    return layout.slots().stream()
        .filter(slot -> slot.partition().equals(partition))
        .findFirst()
        .flatMap(
            slot ->
                layout
                    .data()
                    .flatMap(
                        data -> new DataPartitionReader(target.path(), data).record(slot.name())))
        .map(
            record ->
                "Slipway slot, "
                    + record
                        .ready()
                        .map(SlotRecord.Ready::reference)
                        .map(TargetReport::printable)
                        .orElse(record.state()));
  }

  /** What a disk says of itself goes to a terminal. */
  private static String printable(String text) {
    return text.replaceAll("[^ -~]", "?");
  }
}
