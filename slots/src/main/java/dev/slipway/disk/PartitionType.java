package dev.slipway.disk;

import java.util.Optional;

/**
 * The partition types that Slipway writes: in a GPT as the UEFI specification 5.3.3 and the
 * Discoverable Partitions Specification have them, in an msdos table as Linux and UEFI 5.2.2 do.
 */
public enum PartitionType {
  /** Only in a GPT: beside an msdos table GRUB's core image lies before the first partition. */
  BIOS_BOOT("21686148-6449-6e6f-744e-656564454649", Optional.empty()),
  EFI_SYSTEM("c12a7328-f81f-11d2-ba4b-00a0c93ec93b", Optional.of("ef")),
  ROOT_X86_64("4f68bce3-e8cd-4db1-96e7-fbcaf984b709", Optional.of("83")),
  LINUX_DATA("0fc63daf-8483-4772-8e79-3d69d8477de4", Optional.of("83"));

  private final String guid;
  private final Optional<String> msdos;

  PartitionType(String guid, Optional<String> msdos) {
    this.guid = guid;
    this.msdos = msdos;
  }

  /** As a table of that kind writes it. */
  public String in(PartitionTable.Kind table) {
    return switch (table) {
      case GPT -> guid;
      case MSDOS -> msdos.orElseThrow();
    };
  }

  /** Whether a table wrote this type so. */
  boolean isWritten(String type) {
    return type.equals(guid) || msdos.filter(type::equals).isPresent();
  }
}
