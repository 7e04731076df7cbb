package dev.slipway.controller.osimage;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A line of the image's fstab for a disk that the host does not have stops the boot in emergency
 * mode after 90 seconds. No line for the root stays: the kernel command line names it and has it
 * mounted read-write, and systemd-remount-fs would give it the options of a line for another one.
 */
final class Fstab implements Check {
  private static final String FSTAB = "/etc/fstab";
  private static final String REMOUNT = "systemd-remount-fs.service";

  /** File systems without a device. */
  private static final Set<String> VIRTUAL =
      Set.of(
          "tmpfs",
          "proc",
          "sysfs",
          "devpts",
          "devtmpfs",
          "debugfs",
          "tracefs",
          "hugetlbfs",
          "mqueue",
          "cgroup2",
          "bpf",
          "efivarfs",
          "configfs",
          "securityfs",
          "fusectl",
          "overlay");

  /**
   * Mounts that systemd orders before remote-fs.target, which no boot stops for (systemd.mount(5);
   * fstype_is_network() of its basic/mountpoint-util.c), as OpenRC and sysvinit do.
   */
  private static final Set<String> NETWORK =
      Set.of(
          "afs",
          "ceph",
          "cifs",
          "davfs",
          "gfs",
          "gfs2",
          "glusterfs",
          "lustre",
          "ncp",
          "ncpfs",
          "nfs",
          "nfs4",
          "ocfs2",
          "pvfs2",
          "smb3",
          "smbfs",
          "sshfs");

  @Override
  public String name() {
    return "fstab";
  }

  @Override
  public void apply(OsTree tree, ChangeLog changes) {
    String before = tree.read(FSTAB).orElse("");
    List<String> lines = new ArrayList<>();
    List<String> reasons = new ArrayList<>();
    for (String line : before.split("\n", -1)) {
      if (staysAsItIs(line)) {
        lines.add(line);
      } else {
        lines.add("# slipway: not of this host: " + line);
        reasons.add(
            "commented out '"
                + line.strip().replaceAll("\\s+", " ")
                + (isRoot(line)
                    ? "', because the slot's root is given by the kernel command line"
                    : "', because a host without that device would not boot"));
      }
    }
    if (!reasons.isEmpty()) {
      String file = tree.edit(FSTAB, String.join("\n", lines));
      reasons.forEach(reason -> changes.changed(file, reason));
    }
    Systemd.in(tree).ifPresent(systemd -> noteMissingRemount(systemd, changes));
  }

  /** A mask of it is for the check of masked units. */
  private static void noteMissingRemount(Systemd systemd, ChangeLog changes) {
    if (!systemd.isInstalled(REMOUNT)) {
      changes.noted(
          "The image's systemd has no "
              + REMOUNT
              + ", so options in "
              + FSTAB
              + " for what is mounted before it, such as /proc, count for nothing, and a root that"
              + " something mounts read-only stays so. Install systemd in the image again.");
    }
  }

  private static boolean staysAsItIs(String line) {
    String[] fields = fields(line);
    if (line.isBlank() || fields[0].startsWith("#")) {
      return true;
    }
    String type = fields.length > 2 ? fields[2] : "";
    List<String> options = fields.length > 3 ? List.of(fields[3].split(",", -1)) : List.of();
    return !isRoot(line)
        && (VIRTUAL.contains(type)
            || options.contains("bind")
            || options.contains("noauto")
            || options.contains("nofail")
            || isNetwork(type, options));
  }

  private static boolean isRoot(String line) {
    String[] fields = fields(line);
    return fields.length > 1 && fields[1].matches("/+");
  }

  private static String[] fields(String line) {
    return line.strip().split("\\s+", -1);
  }

  private static boolean isNetwork(String type, List<String> options) {
    return options.contains("_netdev") || NETWORK.contains(type.replaceFirst("^fuse\\.", ""));
  }
}
