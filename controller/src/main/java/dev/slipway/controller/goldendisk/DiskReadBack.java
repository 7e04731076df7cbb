package dev.slipway.controller.goldendisk;

import dev.slipway.disk.BiosBootCode;
import dev.slipway.disk.DiskLayout;
import dev.slipway.disk.EfiSystemPartition;
import dev.slipway.disk.Partition;
import dev.slipway.disk.PartitionTable;
import dev.slipway.linux.LoopDevice;
import dev.slipway.linux.Mount;
import dev.slipway.linux.OperatorError;
import dev.slipway.tree.EntryStream;
import dev.slipway.tree.Manifest;
import dev.slipway.tree.TreeScanner;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What must be on a disk once all of it was written. Each slot was read back when it was filled;
 * that it still reads so shows that nothing written later went over it, as on a disk that is
 * smaller than it says.
 *
 * @param slots those that have content
 * @param guard lets the reading of a slot end when the build shall stop
 */
record DiskReadBack(
    DiskLayout layout,
    BiosBootCode bios,
    EfiSystemPartition esp,
    List<SlotWriter.Written> slots,
    UnaryOperator<EntryStream> guard) {

  /**
   * Compares partition table, boot code, EFI system partition with both copies of the boot
   * environment, and every slot's files against its manifest.
   *
   * @throws OperatorError at the first difference
   */
  void requireOn(Path disk) {
    PartitionTable.Reading found = PartitionTable.examine(disk);
    if (!found.whole() || !found.table().equals(layout.table())) {
      throw failing(disk, "The partition table of " + disk);
    }
    bios.requireOn(disk, layout);
    esp.requireOn(disk, layout.esp());
    requireSlots(disk);
  }

  /** Compares every slot's files against its manifest. */
  void requireSlots(Path disk) {
    slots.forEach(slot -> requireSlot(disk, slot));
  }

  private void requireSlot(Path disk, SlotWriter.Written slot) {
    String name = slot.record().slot();
    Partition partition = layout.slot(name).orElseThrow().partition();
    try (LoopDevice device = LoopDevice.attach(disk, partition.offset(), partition.size(), true);
        ScratchDirectory directory = ScratchDirectory.create("slipway-" + name + "-");
        Mount mount =
            Mount.of(
                device.path(),
                directory.path(),
                slot.record().fileSystem(),
                EnumSet.of(
                    Mount.Option.READ_ONLY,
                    Mount.Option.NO_DEV,
                    Mount.Option.NO_SUID,
                    Mount.Option.NO_EXEC),
                "");
        EntryStream entries = guard.apply(TreeScanner.of(mount.target()))) {
      List<Manifest.Difference> differences = slot.manifest().differences(Manifest.of(entries));
      if (!differences.isEmpty()) {
        throw failing(
            disk, "Slot " + name + " of " + disk + " (first " + differences.get(0).path() + ")");
      }
    }
  }

  private static OperatorError failing(Path disk, String what) {
    return new OperatorError(
        what
            + " does not read back as it was written: the disk "
            + disk
            + " may be failing, or smaller than it says.");
  }
}
