package dev.slipway.controller.osimage;

import dev.slipway.linux.OperatorError;
import java.util.List;

/** Without udev systemd waits in vain for its devices: no console login, no network interface. */
final class UdevPresent implements Check {
  private static final List<String> DAEMONS =
      List.of(
          "/usr/lib/systemd/systemd-udevd",
          "/lib/systemd/systemd-udevd",
          "/sbin/udevd",
          "/usr/sbin/udevd",
          "/bin/udevadm",
          "/usr/bin/udevadm");

  @Override
  public String name() {
    return "udev";
  }

  @Override
  public void apply(OsTree tree, ChangeLog changes) {
    if (Systemd.in(tree).isPresent() && DAEMONS.stream().noneMatch(tree::isFile)) {
      throw new OperatorError(
          "The image has systemd but no udev, so no device would be found after the boot. "
              + Distribution.of(tree).toGetUdev());
    }
  }
}
