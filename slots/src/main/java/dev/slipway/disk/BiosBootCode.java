package dev.slipway.disk;

import java.nio.file.Path;

/**
 * GRUB's boot code for BIOS: the boot sector and the core image.
 *
 * @param bootSector {@code boot.img}, 512 bytes, as GRUB ships it
 * @param coreImage {@code core.img}, as {@code grub-mkimage} made it
 */
@SuppressWarnings({"DoNotCallSuggester", "ArrayRecordComponent"})
public record BiosBootCode(byte[] bootSector, byte[] coreImage) {

  /** Writes the core image into the BIOS boot partition and the boot sector's 440 bytes of code. */
  public void writeTo(Path disk, Partition biosBoot) {
    throw new UnsupportedOperationException();
  }
}
