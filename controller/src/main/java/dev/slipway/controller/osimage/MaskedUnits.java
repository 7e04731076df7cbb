package dev.slipway.controller.osimage;

import java.util.List;

/**
 * Images that run systemd in a container mask what a container has no use for. On a machine that is
 * no login prompt, no devices, a read-only root.
 */
final class MaskedUnits implements Check {
  private static final List<String> NEEDED =
      List.of(
          "getty.target",
          "getty@.service",
          "serial-getty@.service",
          "autovt@.service",
          "systemd-logind.service",
          "systemd-udevd.service",
          "systemd-udev-trigger.service",
          "systemd-udevd-control.socket",
          "systemd-udevd-kernel.socket",
          "systemd-modules-load.service",
          "systemd-remount-fs.service",
          "systemd-journald.service",
          "systemd-journald.socket",
          "systemd-journald-dev-log.socket",
          "systemd-sysctl.service",
          "systemd-tmpfiles-setup.service",
          "systemd-tmpfiles-setup-dev.service",
          "systemd-user-sessions.service",
          "kmod-static-nodes.service",
          "dev-hugepages.mount");

  @Override
  public String name() {
    return "masked-units";
  }

  @Override
  public void apply(OsTree tree, ChangeLog changes) {
    Systemd.in(tree)
        .ifPresent(
            systemd ->
                systemd
                    .masks(unit -> NEEDED.contains(template(unit)))
                    .forEach(mask -> unmask(tree, systemd, mask, changes)));
  }

  private static void unmask(OsTree tree, Systemd systemd, String mask, ChangeLog changes) {
    String unit = mask.substring(mask.lastIndexOf('/') + 1);
    boolean unitItself =
        mask.startsWith(systemd.vendorDirectory() + "/") && unit.equals(template(unit));
    if (unitItself) {
      changes.noted(
          mask
              + " is a mask in the place of the distribution's own unit, which a machine needs and"
              + " nothing can bring back here. Install its package in the image again.");
      return;
    }
    tree.delete(mask);
    changes.removed(mask, "masked for containers; a machine needs " + unit);
  }

  /** Of an instance such as getty@tty1.service what it is made from; of any other unit itself. */
  private static String template(String unit) {
    return unit.replaceFirst("@.*(\\.[a-z]+)$", "@$1");
  }
}
