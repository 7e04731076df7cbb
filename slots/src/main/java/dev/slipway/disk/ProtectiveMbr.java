package dev.slipway.disk;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The protective master boot record in front of a GPT (UEFI specification 5.2.3): one partition of
 * type 0xEE over the whole disk. It shares sector 0 with the BIOS boot code, which owns the first
 * {@value #BOOT_CODE} bytes and is not touched here.
 */
final class ProtectiveMbr {

  /** Bytes of sector 0 that belong to the boot code; the rest belongs to the table. */
  static final int BOOT_CODE = 440;

  private static final int FIRST_ENTRY = 446;

  private ProtectiveMbr() {}

  static void write(DiskFile disk, long totalSectors) {
    disk.write(BOOT_CODE, afterBootCode(totalSectors));
  }

  /** Whether a sector 0 protects a GPT: only then is the GPT to be believed. */
  static boolean isIn(ByteBuffer sector) {
    return (sector.getShort(510) & 0xffff) == 0xaa55
        && (sector.get(FIRST_ENTRY + 4) & 0xff) == 0xee;
  }

  private static byte[] afterBootCode(long totalSectors) {
    ByteBuffer sector = ByteBuffer.allocate(Partition.SECTOR).order(ByteOrder.LITTLE_ENDIAN);
    // Not active, first sector at cylinder 0, head 0, sector 2; the end is beyond what CHS can say.
    sector.position(FIRST_ENTRY);
    sector.put(new byte[] {0x00, 0x00, 0x02, 0x00, (byte) 0xee, -1, -1, -1});
    sector.putInt(1);
    sector.putInt((int) Math.min(totalSectors - 1, 0xffff_ffffL));
    sector.putShort(510, (short) 0xaa55);
    byte[] bytes = new byte[Partition.SECTOR - BOOT_CODE];
    sector.get(BOOT_CODE, bytes);
    return bytes;
  }
}
