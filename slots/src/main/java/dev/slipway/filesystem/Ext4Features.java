package dev.slipway.filesystem;

import dev.slipway.linux.OperatorError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The features of ext4 that Linux 5.10, e2fsck 1.46 and GRUB 2.06 (Debian 11), and everything
 * newer, can read. Left off: metadata_csum_seed (GRUB before 2.12), orphan_file (e2fsck before 1.47
 * refuses the whole file system), casefold, inline_data, ea_inode and bigalloc (no GRUB reads
 * them).
 */
final class Ext4Features {

  /** Takes the place of the distribution's mke2fs.conf, whose defaults differ. */
  static final String CONFIGURATION =
      """
      [defaults]
      	base_features = none
      	default_features = none
      	blocksize = 4096
      	inode_size = 256
      	inode_ratio = 16384
      	enable_periodic_fsck = 0
      """;

  private static final String FEATURES =
      "none,has_journal,ext_attr,resize_inode,dir_index,filetype,extent,64bit,flex_bg,sparse_super,"
          + "large_file,huge_file,dir_nlink,extra_isize,metadata_csum";

  /**
   * What the superblock must say then (fs/ext4/ext4.h, EXT4_FEATURE_*). compat: has_journal 0x4,
   * ext_attr 0x8, resize_inode 0x10, dir_index 0x20. ro_compat: sparse_super 0x1, large_file 0x2,
   * huge_file 0x8, dir_nlink 0x20, extra_isize 0x40, metadata_csum 0x400. incompat: filetype 0x2,
   * extents 0x40, 64bit 0x80, flex_bg 0x200.
   */
  static final Superblock.Features EXPECTED = new Superblock.Features(0x3c, 0x46b, 0x2c2);

  private Ext4Features() {}

  static List<String> command(Path mkfs, MkfsVersion version) {
    if (!version.isAtLeast(1, 44)) {
      throw new OperatorError(
          mkfs + " is older than 1.44 and cannot make ext4 for slots; use a newer e2fsprogs.");
    }
    List<String> command = new ArrayList<>();
    command.addAll(List.of(mkfs.toString(), "-t", "ext4", "-O", FEATURES, "-b", "4096"));
    command.addAll(List.of("-I", "256"));
    return command;
  }
}
