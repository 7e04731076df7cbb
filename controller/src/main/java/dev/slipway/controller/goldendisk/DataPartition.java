package dev.slipway.controller.goldendisk;

import dev.slipway.disk.Partition;
import dev.slipway.filesystem.FileSystemKind;
import dev.slipway.filesystem.MakeFileSystem;
import dev.slipway.linux.LoopDevice;
import dev.slipway.linux.Mount;
import dev.slipway.release.SlotRecord;
import dev.slipway.release.SlotRecords;
import dev.slipway.tree.EntryStream;
import dev.slipway.tree.Manifest;
import dev.slipway.tree.TreeScanner;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The partition that all slots share: the host's configuration, which the initrd's host-setup
 * applies to whichever slot boots, and what each slot holds.
 */
final class DataPartition {
  private final DiskDescription description;
  private final Stamps stamps;

  DataPartition(DiskDescription description, Stamps stamps) {
    this.description = description;
    this.stamps = stamps;
  }

  /**
   * Makes the file system and fills it.
   *
   * @return what is in it
   */
  Manifest write(Path disk, Partition partition, List<SlotWriter.Written> slots) {
    try (LoopDevice device = LoopDevice.attach(disk, partition.offset(), partition.size());
        ScratchDirectory directory = ScratchDirectory.create("slipway-data-")) {
      stamps
          .made(
              new MakeFileSystem(
                  FileSystemKind.EXT4, "slipway-data", stamps.uuid("file system of data")))
          .on(device.path());
      try (Mount mount =
          Mount.of(
              device.path(),
              directory.path(),
              FileSystemKind.EXT4.token(),
              Set.of(Mount.Option.NO_DEV, Mount.Option.NO_SUID, Mount.Option.NO_EXEC),
              stamps.mountOptions(FileSystemKind.EXT4))) {
        description.host().writeTo(mount.target());
        writeSlots(mount.target().resolve("slots"), slots);
        try (EntryStream entries = TreeScanner.of(mount.target())) {
          return stamps.setBack(mount.target(), Manifest.of(entries));
        }
      }
    }
  }

  private void writeSlots(Path directory, List<SlotWriter.Written> written) {
    SlotRecords records = new SlotRecords(directory);
    description.slots().forEach(slot -> records.write(new SlotRecord.Empty(slot.name())));
    written.forEach(slot -> records.write(slot.record(), slot.manifest()));
  }
}
