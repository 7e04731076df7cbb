package dev.slipway.controller.osimage;

import dev.slipway.linux.FileType;
import java.util.ArrayList;
import java.util.List;

/**
 * What makes a host this host never comes from an image, or all hosts would be the same one. The
 * host's own lies on the data partition.
 */
final class Identity implements Check {
  private static final String MACHINE_ID = "/etc/machine-id";

  private static final List<String> FILES =
      List.of(
          "/var/lib/dbus/machine-id",
          "/var/lib/systemd/random-seed",
          // Of OpenRC (conf.d/seedrng, conf.d/urandom), busybox' seedrng, and Debian's sysvinit.
          "/var/lib/seedrng/seed.credit",
          "/var/lib/seedrng/seed.no-credit",
          "/var/lib/misc/random-seed",
          "/var/lib/urandom/random-seed",
          "/var/lib/systemd/credential.secret",
          "/var/lib/NetworkManager/secret_key",
          "/etc/iscsi/initiatorname.iscsi");

  /** Where the data partition is mounted, or the slot keeps its own on a disk without one. */
  private static final String DATA = "/var/lib/slipway";

  private static final String REASON = "every host made from this image would have the same";

  @Override
  public String name() {
    return "identity";
  }

  @Override
  public void apply(OsTree tree, ChangeLog changes) {
    List<String> found = new ArrayList<>(FILES);
    for (String name : tree.names("/etc/ssh")) {
      if (name.startsWith("ssh_host_")) {
        found.add("/etc/ssh/" + name);
      }
    }
    for (String path : found) {
      // dbus' machine-id is usually a link to the one in /etc, which is right.
      if (tree.type(path).filter(FileType.REGULAR::equals).isPresent()) {
        tree.delete(path);
        changes.removed(path, REASON);
      }
    }
    for (String name : tree.names(DATA)) {
      tree.delete(DATA + "/" + name);
      changes.removed(DATA + "/" + name, REASON);
    }
    emptyMachineId(tree, changes);
  }

  /**
   * Empty, not absent: systemd takes an absent one for a first boot and applies presets again,
   * which changes what is enabled (machine-id(5)).
   */
  private static void emptyMachineId(OsTree tree, ChangeLog changes) {
    boolean right =
        tree.status(MACHINE_ID)
            .filter(status -> status.type() == FileType.REGULAR && status.size() == 0)
            .isPresent();
    if (right) {
      return;
    }
    boolean there = tree.type(MACHINE_ID).isPresent();
    tree.write(MACHINE_ID, "", 0444);
    if (there) {
      changes.changed(MACHINE_ID, "emptied; " + REASON);
    } else {
      changes.added(MACHINE_ID, "empty; without the file systemd would set its units up anew");
    }
  }
}
