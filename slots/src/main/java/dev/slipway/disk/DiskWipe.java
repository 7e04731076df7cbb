package dev.slipway.disk;

import java.nio.file.Path;

/**
 * Takes away what a disk's old contents would be recognised by, before a layout is written over
 * them: the old partition tables at both ends with the boot code, and what lies at the start and
 * end of each new partition, where file systems, RAID and LVM have their signatures. The boot
 * partitions become zeros altogether, so that nothing in them boots any more.
 */
public record DiskWipe(DiskLayout layout) {
  private static final int MIB = 1 << 20;

  /** Wipes a disk or disk image that is at least as large as the layout. */
  public void wipe(Path disk) {
    try (DiskFile file = DiskFile.openToWrite(disk)) {
      // The start first: from then on neither firmware finds anything to start.
      zero(file, 0, layout.esp().offset() + layout.esp().size());
      zero(file, layout.diskSize() - MIB, MIB);
      for (Partition partition : layout.table().partitions()) {
        zero(file, partition.offset(), MIB);
        zero(file, partition.offset() + partition.size() - MIB, MIB);
      }
      file.flush();
    }
  }

  private static void zero(DiskFile file, long offset, long length) {
    for (long at = offset; at < offset + length; at += MIB) {
      file.write(at, new byte[(int) Math.min(MIB, offset + length - at)]);
    }
  }
}
