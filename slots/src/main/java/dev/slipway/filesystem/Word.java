package dev.slipway.filesystem;

import java.util.Set;

/** One of the three words of a superblock that hold feature bits, and who looks at it. */
enum Word {
  /** e2fsck refuses what it does not know even here. */
  COMPAT,
  /** An unknown bit forbids writing; GRUB never writes. */
  RO_COMPAT,
  /** An unknown bit forbids everything. */
  INCOMPAT;

  /** Who looks at every bit of it. */
  Set<ReaderKind> readers() {
    return switch (this) {
      case COMPAT -> Set.of(ReaderKind.FSCK);
      case RO_COMPAT -> Set.of(ReaderKind.FSCK, ReaderKind.KERNEL);
      case INCOMPAT -> Set.of(ReaderKind.FSCK, ReaderKind.KERNEL, ReaderKind.GRUB);
    };
  }

  /** A superblock's words with just this bit. */
  Superblock.Features with(int bit) {
    return switch (this) {
      case COMPAT -> new Superblock.Features(bit, 0, 0);
      case RO_COMPAT -> new Superblock.Features(0, bit, 0);
      case INCOMPAT -> new Superblock.Features(0, 0, bit);
    };
  }
}
