package dev.slipway.disk;

import java.nio.file.Path;

/**
 * The EFI system partition of a Slipway disk, made without mounting anything.
 *
 * @param volumeId the FAT volume's serial number
 * @param efiProgram becomes {@code /EFI/BOOT/BOOTX64.EFI}
 * @param grubScript becomes {@code /grub/grub.cfg}
 * @param environment becomes {@code /slipway/env1} and {@code /slipway/env2}; 1024 bytes
 */
@SuppressWarnings({"DoNotCallSuggester", "ArrayRecordComponent"})
public record EfiSystemPartition(
    int volumeId, byte[] efiProgram, String grubScript, byte[] environment) {

  /** The two copies of the boot environment, as paths on the partition. */
  public static final String ENVIRONMENT_1 = "/slipway/env1";

  public static final String ENVIRONMENT_2 = "/slipway/env2";

  /** Makes the FAT32 file system in a disk image, within the partition. */
  public void writeTo(Path diskImage, Partition partition) {
    throw new UnsupportedOperationException();
  }
}
