package dev.slipway.filesystem;

import static dev.slipway.filesystem.ReaderKind.FSCK;
import static dev.slipway.filesystem.ReaderKind.GRUB;
import static dev.slipway.filesystem.ReaderKind.KERNEL;
import static dev.slipway.filesystem.Vendor.DEBIAN;
import static dev.slipway.filesystem.Vendor.ENTERPRISE_LINUX;
import static dev.slipway.filesystem.Word.INCOMPAT;
import static dev.slipway.filesystem.Word.RO_COMPAT;

import dev.slipway.filesystem.Feature.Flag;
import dev.slipway.linux.OperatorError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The features of XFS that can be on or off. Bits: fs/xfs/libxfs/xfs_format.h. Kernels: the release
 * that first set them in its masks of known features. mkfs.xfs and xfs_repair: xfsprogs
 * doc/CHANGES. GRUB: XFS_SB_FEAT_INCOMPAT_SUPPORTED in grub-core/fs/xfs.c, Debian's packages tried
 * with grub-fstest, Enterprise Linux by its own branches of grub2.
 *
 * <p>Version 5 (crc) is no choice: kernels are about to give up version 4. meta_uuid and
 * needsrepair are never set by mkfs.xfs.
 */
final class XfsFeatures {

  private static final boolean WANTED = true;
  private static final boolean UNWANTED = false;

  /** Names to Enterprise Linux 7.9, whose 3.10 has later work in it. */
  private static final String EL7_KERNEL = "3.10.0-1160";

  /**
   * Unwanted: rmapbt costs time and room and serves online repair, which a slot is never given;
   * nrext64, exchange, parent and metadir are for files and uses that a slot has none of, and GRUBs
   * have been wrong about nrext64.
   */
  static final List<Feature> ALL =
      List.of(
          ro("finobt", 0x1, WANTED, "3.2.1", Need.of("3.16").or(ENTERPRISE_LINUX, EL7_KERNEL)),
          // Experimental before 4.16.
          ro("rmapbt", 0x2, UNWANTED, "4.8", Need.of("4.16")),
          ro("reflink", 0x4, WANTED, "4.9", Need.of("4.9")),
          ro("inobtcount", 0x8, WANTED, "5.10", Need.of("5.10"), "finobt"),
          in(
              "sparse",
              0x2,
              WANTED,
              new Flag("-i", "4.2"),
              Need.of("4.2").or(ENTERPRISE_LINUX, EL7_KERNEL),
              Need.of("2.04").or(ENTERPRISE_LINUX, "2.02~beta2")),
          in(
              "bigtime",
              0x8,
              WANTED,
              new Flag("-m", "5.10"),
              Need.of("5.10"),
              // Debian 11 packs 2.06-3, which is after all changes of 2.06.
              Need.of("2.06")),
          in(
              "nrext64",
              0x20,
              UNWANTED,
              new Flag("-i", "5.19"),
              // Experimental before 6.5.
              Need.of("6.5"),
              Need.of("2.12").or(DEBIAN, "2.06-13+deb12u2")),
          in("exchange", 0x40, UNWANTED, new Flag("-i", "6.10"), Need.of("6.10"), Need.of("2.14")),
          in(
              "parent",
              0x80,
              UNWANTED,
              new Flag("-n", "6.10"),
              Need.of("6.10"),
              Need.of("2.14"),
              "exchange"),
          in(
              "metadir",
              0x100,
              UNWANTED,
              new Flag("-m", "6.13"),
              Need.of("6.13"),
              Need.of("2.14"),
              "exchange"));

  /** What every version 5 has: directory entries with types (ftype, incompat 0x1). */
  static final Superblock.Features BASE = new Superblock.Features(0, 0, 0x1);

  private XfsFeatures() {}

  private static Feature ro(
      String name, int bit, boolean wanted, String tools, Need kernel, String... requires) {
    return new Feature(
        name,
        FileSystemKind.XFS,
        RO_COMPAT,
        bit,
        wanted,
        new Flag("-m", tools),
        List.of(requires),
        Map.of(KERNEL, kernel, FSCK, Need.of(tools)));
  }

  /** xfs_repair and mkfs.xfs of one release know the same. */
  private static Feature in(
      String name, int bit, boolean wanted, Flag flag, Need kernel, Need grub, String... requires) {
    return new Feature(
        name,
        FileSystemKind.XFS,
        INCOMPAT,
        bit,
        wanted,
        flag,
        List.of(requires),
        Map.of(KERNEL, kernel, FSCK, Need.of(flag.since().text()), GRUB, grub));
  }

  /** The command but for label, UUID and place. Every feature is said that mkfs knows. */
  static List<String> command(Path mkfs, Version version, FeatureSet features) {
    if (!version.isAtLeast(new Version("5.10"))) {
      throw new OperatorError(
          mkfs + " is older than 5.10 and cannot make XFS for slots; use a newer xfsprogs.");
    }
    Map<String, List<Feature>> byOption =
        ALL.stream()
            .filter(feature -> feature.isKnownToMkfs(version))
            .collect(
                Collectors.groupingBy(
                    feature -> feature.flag().option(),
                    LinkedHashMap::new,
                    Collectors.toUnmodifiableList()));
    List<String> command = new ArrayList<>(List.of(mkfs.toString(), "-m", "crc=1"));
    byOption.forEach(
        (option, all) ->
            command.addAll(
                List.of(
                    option,
                    all.stream()
                        .map(feature -> feature.name() + "=" + (features.has(feature) ? 1 : 0))
                        .collect(Collectors.joining(",")))));
    return command;
  }
}
