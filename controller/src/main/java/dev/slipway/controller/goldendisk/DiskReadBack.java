package dev.slipway.controller.goldendisk;

import dev.slipway.disk.BiosBootCode;
import dev.slipway.disk.DiskLayout;
import dev.slipway.disk.EfiSystemPartition;
import dev.slipway.disk.Partition;
import dev.slipway.disk.PartitionTable;
import dev.slipway.filesystem.FileSystemKind;
import dev.slipway.linux.LoopDevice;
import dev.slipway.linux.Mount;
import dev.slipway.linux.OperatorError;
import dev.slipway.linux.SystemCallException;
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
 * @param guard lets the reading of a tree end when the build shall stop
 */
record DiskReadBack(
    DiskLayout layout,
    BiosBootCode bios,
    EfiSystemPartition esp,
    DiskWriter.Written written,
    UnaryOperator<EntryStream> guard) {

  /**
   * Compares partition table, boot code, EFI system partition with both copies of the boot
   * environment, and the files of every slot and of the data partition against their manifests.
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
    requireTrees(disk);
  }

  /** Compares the files of every slot and of the data partition against their manifests. */
  void requireTrees(Path disk) {
    for (SlotWriter.Written slot : written.slots()) {
      String name = slot.record().slot();
      Partition partition = layout.slot(name).orElseThrow().partition();
      requireTree(disk, "Slot " + name, partition, slot.record().fileSystem(), slot.manifest());
    }
    written
        .data()
        .ifPresent(
            manifest ->
                requireTree(
                    disk,
                    "The data partition",
                    layout.data().orElseThrow(),
                    FileSystemKind.EXT4.token(),
                    manifest));
  }

  private void requireTree(
      Path disk, String what, Partition partition, String fileSystem, Manifest manifest) {
    try (LoopDevice device = LoopDevice.attach(disk, partition.offset(), partition.size(), true);
        ScratchDirectory directory = ScratchDirectory.create("slipway-read-back-");
        Mount mount =
            Mount.of(
                device.path(),
                directory.path(),
                fileSystem,
                EnumSet.of(
                    Mount.Option.READ_ONLY,
                    Mount.Option.NO_DEV,
                    Mount.Option.NO_SUID,
                    Mount.Option.NO_EXEC),
                "");
        EntryStream entries = guard.apply(TreeScanner.of(mount.target()))) {
      List<Manifest.Difference> differences = manifest.differences(Manifest.of(entries));
      if (!differences.isEmpty()) {
        throw failing(disk, what + " of " + disk + " (first " + differences.get(0).path() + ")");
      }
    } catch (SystemCallException e) {
      throw failing(disk, what + " of " + disk + " (" + e.getMessage() + ")");
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
