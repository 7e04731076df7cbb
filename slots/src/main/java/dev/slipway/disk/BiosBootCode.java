package dev.slipway.disk;

import dev.slipway.linux.OperatorError;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * GRUB's boot code for BIOS, put on a disk as {@code grub-install} would put it on a hard disk
 * (grub-core/boot/i386/pc/boot.S and diskboot.S, include/grub/i386/pc/boot.h): the boot sector
 * knows where the core image starts, and the core image's first sector knows where the rest of it
 * lies.
 */
public final class BiosBootCode {

  /** In boot.img: sector of the core image, 64 bits. */
  private static final int CORE_SECTOR = 0x5c;

  /** In boot.img: a jump over the check of the drive number that the BIOS passed. */
  private static final int DRIVE_CHECK = 0x66;

  private static final short JUMP = (short) 0x05eb;
  private static final short TWO_NOPS = (short) 0x9090;

  /** In core.img's first sector: start (64 bits), length (16) and segment (16) of the rest. */
  private static final int BLOCK_LIST = 0x1f4;

  private static final short SEGMENT = 0x0820;

  private final byte[] bootSector;
  private final byte[] coreImage;

  /**
   * Takes the two images as GRUB makes them.
   *
   * @param bootSector {@code boot.img}
   * @param coreImage {@code core.img}, as {@code grub-mkimage} made it
   * @throws OperatorError when they are not what they should be
   */
  public BiosBootCode(byte[] bootSector, byte[] coreImage) {
    if (bootSector.length != Partition.SECTOR
        || littleEndian(bootSector).getShort(DRIVE_CHECK) != JUMP) {
      throw new OperatorError("GRUB's boot.img is not one that is known; install grub-pc-bin.");
    }
    // Both the segment and one whole sector after the first must be there to be patched.
    if (coreImage.length <= Partition.SECTOR
        || littleEndian(coreImage).getShort(BLOCK_LIST + 10) != SEGMENT) {
      throw new OperatorError("GRUB's core.img is not one for BIOS.");
    }
    this.bootSector = bootSector.clone();
    this.coreImage = coreImage.clone();
  }

  /**
   * Writes the core image where the disk's layout has room for it, and then the boot code into the
   * disk's first 440 bytes. The disk's signature and table behind them are kept.
   *
   * @throws OperatorError when that room is none for boot code, or too small
   */
  public void writeTo(Path disk, DiskLayout layout) {
    Room room = roomOn(disk, layout);
    byte[] core = coreAt(room.firstLba());
    if (core.length > room.size()) {
      throw new OperatorError(
          "GRUB's core image has "
              + core.length
              + " bytes, but "
              + room.name()
              + " of "
              + disk
              + " only has "
              + room.size()
              + ".");
    }
    try (DiskFile file = DiskFile.openToWrite(disk)) {
      file.write(room.offset(), core);
      file.flush();
      file.write(0, codeStarting(room.firstLba()));
      file.flush();
    }
  }

  /**
   * Reads back what {@link #writeTo} wrote.
   *
   * @throws OperatorError when it is anything else
   */
  public void requireOn(Path disk, DiskLayout layout) {
    Room room = roomOn(disk, layout);
    byte[] core = coreAt(room.firstLba());
    try (DiskFile file = DiskFile.openToRead(disk)) {
      if (!holds(file, room.offset(), core) || !holds(file, 0, codeStarting(room.firstLba()))) {
        throw new OperatorError("The boot code for BIOS on " + disk + " does not read back.");
      }
    }
  }

  /** Takes the boot code away again: a BIOS no longer starts the disk. */
  public static void eraseFrom(Path disk) {
    try (DiskFile file = DiskFile.openToWrite(disk)) {
      file.write(0, new byte[ProtectiveMbr.BOOT_CODE]);
      file.flush();
    }
  }

  private static boolean holds(DiskFile file, long offset, byte[] bytes) {
    return file.read(offset, bytes.length).equals(ByteBuffer.wrap(bytes));
  }

  /** Where the core image goes: the BIOS boot partition, or the gap behind an msdos table. */
  private record Room(String name, long firstLba, long size) {
    long offset() {
      return firstLba * Partition.SECTOR;
    }
  }

  private static Room roomOn(Path disk, DiskLayout layout) {
    if (layout.bios().isEmpty()) {
      long end = Math.min(PartitionNames.FIRST_LBA, layout.esp().firstLba());
      return new Room(
          "the gap between the partition table and the first partition",
          1,
          (end - 1) * Partition.SECTOR);
    }
    Partition partition = layout.bios().get();
    if (!partition.is(PartitionType.BIOS_BOOT)) {
      throw new OperatorError(
          "Partition " + partition.number() + " of " + disk + " is not a BIOS boot partition.");
    }
    return new Room("the BIOS boot partition", partition.firstLba(), partition.size());
  }

  private byte[] codeStarting(long coreLba) {
    byte[] code = Arrays.copyOf(bootSector, ProtectiveMbr.BOOT_CODE);
    // Some BIOSes pass a wrong drive number for hard disks; the check mends that.
    littleEndian(code).putLong(CORE_SECTOR, coreLba).putShort(DRIVE_CHECK, TWO_NOPS);
    return code;
  }

  private byte[] coreAt(long lba) {
    int sectors = (coreImage.length + Partition.SECTOR - 1) / Partition.SECTOR;
    byte[] core = Arrays.copyOf(coreImage, sectors * Partition.SECTOR);
    littleEndian(core)
        .putLong(BLOCK_LIST, lba + 1)
        .putShort(BLOCK_LIST + 8, (short) (sectors - 1))
        .putShort(BLOCK_LIST + 10, SEGMENT);
    return core;
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
