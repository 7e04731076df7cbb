package dev.slipway.disk;

import java.util.UUID;

/**
 * The partition types that Slipway writes (UEFI specification 5.3.3 and the Discoverable Partitions
 * Specification).
 */
public enum PartitionType {
  BIOS_BOOT("21686148-6449-6e6f-744e-656564454649"),
  EFI_SYSTEM("c12a7328-f81f-11d2-ba4b-00a0c93ec93b"),
  ROOT_X86_64("4f68bce3-e8cd-4db1-96e7-fbcaf984b709"),
  LINUX_DATA("0fc63daf-8483-4772-8e79-3d69d8477de4");

  private final UUID uuid;

  PartitionType(String uuid) {
    this.uuid = UUID.fromString(uuid);
  }

  public UUID uuid() {
    return uuid;
  }
}
