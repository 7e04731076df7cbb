package dev.slipway.filesystem;

import static dev.slipway.filesystem.ReaderKind.FSCK;
import static dev.slipway.filesystem.ReaderKind.GRUB;
import static dev.slipway.filesystem.ReaderKind.KERNEL;
import static dev.slipway.filesystem.Vendor.DEBIAN;
import static dev.slipway.filesystem.Vendor.ENTERPRISE_LINUX;
import static dev.slipway.filesystem.Word.COMPAT;
import static dev.slipway.filesystem.Word.INCOMPAT;
import static dev.slipway.filesystem.Word.RO_COMPAT;

import dev.slipway.linux.OperatorError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The features of ext4 that can be on or off; those that every ext4 of the last ten years has are
 * not among them. Bits: fs/ext4/ext4.h, EXT4_FEATURE_*. Kernels: ext4(5). mke2fs and e2fsck:
 * e2fsprogs doc/RelNotes. GRUB: EXT2_DRIVER_SUPPORTED_INCOMPAT in grub-core/fs/ext2.c; Debian's
 * packages tried with grub-fstest, Enterprise Linux by its own branches of grub2.
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

  private static final boolean WANTED = true;
  private static final boolean UNWANTED = false;

  private static final String DEBIAN_12 = "2.06-13+deb12u2";

  static final List<Feature> ALL =
      List.of(
          feature(
              "64bit",
              INCOMPAT,
              0x80,
              WANTED,
              "1.42",
              Map.of(
                  KERNEL, Need.of("2.6.28"), FSCK, Need.of("1.42"), GRUB, Need.of("2.02~beta2"))),
          feature(
              "metadata_csum",
              RO_COMPAT,
              0x400,
              WANTED,
              "1.43",
              Map.of(KERNEL, Need.of("3.18"), FSCK, Need.of("1.43"))),
          feature(
              "metadata_csum_seed",
              INCOMPAT,
              0x2000,
              WANTED,
              "1.43",
              Map.of(
                  KERNEL,
                  Need.of("4.4"),
                  FSCK,
                  Need.of("1.43"),
                  GRUB,
                  Need.of("2.12").or(DEBIAN, DEBIAN_12).or(ENTERPRISE_LINUX, "2.06")),
              "metadata_csum"),
          // A kernel that writes sets a bit of ro_compat (orphan_present) until it unmounts.
          feature(
              "orphan_file",
              COMPAT,
              0x1000,
              WANTED,
              "1.47.0",
              Map.of(KERNEL, Need.of("5.15"), FSCK, Need.of("1.47.0"))),
          feature(
              "large_dir",
              INCOMPAT,
              0x4000,
              UNWANTED,
              "1.44",
              Map.of(
                  KERNEL,
                  Need.of("4.13"),
                  FSCK,
                  Need.of("1.44"),
                  GRUB,
                  Need.of("2.12").or(DEBIAN, DEBIAN_12))),
          // GRUB does not look at ro_compat and fails on the content all the same.
          feature(
              "bigalloc",
              RO_COMPAT,
              0x200,
              UNWANTED,
              "1.42",
              Map.of(KERNEL, Need.of("3.2"), FSCK, Need.of("1.42"), GRUB, Need.NEVER)),
          feature(
              "inline_data",
              INCOMPAT,
              0x8000,
              UNWANTED,
              "1.43",
              Map.of(KERNEL, Need.of("3.8"), FSCK, Need.of("1.43"), GRUB, Need.NEVER)),
          feature(
              "ea_inode",
              INCOMPAT,
              0x400,
              UNWANTED,
              "1.44",
              Map.of(KERNEL, Need.of("4.13"), FSCK, Need.of("1.44"), GRUB, Need.NEVER)),
          feature(
              "casefold",
              INCOMPAT,
              0x20000,
              UNWANTED,
              "1.45",
              Map.of(KERNEL, Need.of("5.2"), FSCK, Need.of("1.45"), GRUB, Need.NEVER)));

  private static final String BASE_NAMES =
      "none,has_journal,ext_attr,resize_inode,dir_index,filetype,extent,flex_bg,sparse_super,"
          + "large_file,huge_file,dir_nlink,extra_isize";

  /**
   * What the superblock says of those. compat: has_journal 0x4, ext_attr 0x8, resize_inode 0x10,
   * dir_index 0x20. ro_compat: sparse_super 0x1, large_file 0x2, huge_file 0x8, dir_nlink 0x20,
   * extra_isize 0x40. incompat: filetype 0x2, extents 0x40, flex_bg 0x200.
   */
  static final Superblock.Features BASE = new Superblock.Features(0x3c, 0x6b, 0x242);

  private Ext4Features() {}

  private static Feature feature(
      String name,
      Word word,
      int bit,
      boolean wanted,
      String mke2fs,
      Map<ReaderKind, Need> needs,
      String... requires) {
    return new Feature(
        name,
        FileSystemKind.EXT4,
        word,
        bit,
        wanted,
        new Feature.Flag("-O", mke2fs),
        List.of(requires),
        needs);
  }

  /** The command but for label, UUID and place. Every feature is said that mkfs knows. */
  static List<String> command(Path mkfs, Version version, FeatureSet features) {
    if (!version.isAtLeast(new Version("1.44"))) {
      throw new OperatorError(
          mkfs + " is older than 1.44 and cannot make ext4 for slots; use a newer e2fsprogs.");
    }
    String said =
        Stream.concat(
                Stream.of(BASE_NAMES),
                ALL.stream()
                    .filter(feature -> feature.isKnownToMkfs(version))
                    .map(feature -> (features.has(feature) ? "" : "^") + feature.name()))
            .collect(Collectors.joining(","));
    List<String> command = new ArrayList<>();
    command.addAll(List.of(mkfs.toString(), "-t", "ext4", "-O", said, "-b", "4096", "-I", "256"));
    return command;
  }
}
