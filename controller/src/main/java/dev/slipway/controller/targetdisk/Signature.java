package dev.slipway.controller.targetdisk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What a partition holds, by the bytes that such a thing begins with. The offsets are those of
 * magic(5) and of libblkid's probes.
 */
enum Signature {
  XFS("xfs", 0, "XFSB"),
  LUKS("LUKS, encrypted", 0, "LUKS"),
  LVM("an LVM physical volume", 512, "LABELONE"),
  RAID("a member of a RAID array", 4096, hex("fc4e2ba9")),
  SWAP("swap", 4086, "SWAPSPACE2"),
  BTRFS("btrfs", 0x10040, "_BHRfS_M"),
  NTFS("ntfs", 3, "NTFS    "),
  EXFAT("exfat", 3, "EXFAT   "),
  FAT32("FAT", 0x52, "FAT32   "),
  FAT16("FAT", 0x36, "FAT16   "),
  FAT12("FAT", 0x36, "FAT12   "),
  EXT("ext2, ext3 or ext4", 0x438, hex("53ef")),
  SQUASHFS("squashfs", 0, "hsqs"),
  ISO9660("iso9660", 0x8001, "CD001");

  private static final int HEAD = 0x10100;

  private final String meaning;
  private final int offset;
  private final String magic;

  Signature(String meaning, int offset, String magic) {
    this.meaning = meaning;
    this.offset = offset;
    this.magic = magic;
  }

  private static String hex(String digits) {
    return new String(HexFormat.of().parseHex(digits), StandardCharsets.ISO_8859_1);
  }

  /** In words. */
  String meaning() {
    return meaning;
  }

  /**
   * Looks for one.
   *
   * @param offset where the partition starts on the disk, in bytes
   */
  static Optional<Signature> at(Path disk, long offset) {
    ByteBuffer head = ByteBuffer.allocate(HEAD);
    try (FileChannel channel = FileChannel.open(disk, StandardOpenOption.READ)) {
      while (head.hasRemaining() && channel.read(head, offset + head.position()) >= 0) {}
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + disk, e);
    }
    return Arrays.stream(values()).filter(signature -> signature.isIn(head.array())).findFirst();
  }

  private boolean isIn(byte[] head) {
    return new String(head, offset, magic.length(), StandardCharsets.ISO_8859_1).equals(magic);
  }
}
