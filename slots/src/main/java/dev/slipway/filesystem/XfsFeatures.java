package dev.slipway.filesystem;

import dev.slipway.linux.OperatorError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The features of XFS that Linux 5.10 and GRUB 2.06 (Debian 11), and everything newer, can read.
 * Every feature is said, on or off, because the defaults of mkfs.xfs change; but only to an mkfs
 * that knows it. When each became known: xfsprogs doc/CHANGES.
 */
final class XfsFeatures {

  /**
   * What the superblock must say then (fs/xfs/libxfs/xfs_format.h): finobt and reflink (ro_compat
   * 0x1, 0x4); ftype and sparse inodes (incompat 0x1, 0x2).
   */
  static final Superblock.Features EXPECTED = new Superblock.Features(0, 0x5, 0x3);

  private XfsFeatures() {}

  static List<String> command(Path mkfs, MkfsVersion version) {
    if (!version.isAtLeast(5, 10)) {
      throw new OperatorError(
          mkfs + " is older than 5.10 and cannot make XFS for slots; use a newer xfsprogs.");
    }
    String metadata = "crc=1,finobt=1,rmapbt=0,reflink=1,bigtime=0,inobtcount=0";
    String inodes = "sparse=1";
    List<String> names = new ArrayList<>();
    if (version.isAtLeast(5, 19)) {
      inodes += ",nrext64=0";
    }
    if (version.isAtLeast(6, 10)) {
      inodes += ",exchange=0";
      names.addAll(List.of("-n", "parent=0"));
    }
    if (version.isAtLeast(6, 13)) {
      metadata += ",metadir=0";
    }
    List<String> command = new ArrayList<>();
    command.addAll(List.of(mkfs.toString(), "-m", metadata, "-i", inodes));
    command.addAll(names);
    return command;
  }
}
