package dev.slipway.controller.osimage;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The well-known recipe for systemd in a container deletes most links below the vendor's *.wants.
 * Those without which a machine has no devices, no journal or no login come back. The links are
 * those that systemd's own build installs (units/meson.build).
 */
final class VendorWants implements Check {
  private static final Map<String, List<String>> LINKS =
      new TreeMap<>(
          Map.of(
              "sysinit.target.wants",
              List.of(
                  "systemd-udevd.service",
                  "systemd-udev-trigger.service",
                  "systemd-journald.service",
                  "systemd-journal-flush.service",
                  "systemd-modules-load.service",
                  "systemd-sysctl.service",
                  "systemd-tmpfiles-setup.service",
                  "systemd-tmpfiles-setup-dev.service",
                  "systemd-random-seed.service",
                  "kmod-static-nodes.service",
                  "dev-hugepages.mount",
                  "dev-mqueue.mount"),
              "local-fs.target.wants",
              List.of("systemd-remount-fs.service"),
              "sockets.target.wants",
              List.of(
                  "systemd-udevd-control.socket",
                  "systemd-udevd-kernel.socket",
                  "systemd-journald.socket",
                  "systemd-journald-dev-log.socket",
                  "dbus.socket"),
              "multi-user.target.wants",
              List.of(
                  "getty.target",
                  "systemd-logind.service",
                  "systemd-user-sessions.service",
                  "dbus.service")));

  @Override
  public String name() {
    return "vendor-wants";
  }

  @Override
  public void apply(OsTree tree, ChangeLog changes) {
    Systemd.in(tree).ifPresent(systemd -> apply(tree, systemd.vendorDirectory(), changes));
  }

  private static void apply(OsTree tree, String vendor, ChangeLog changes) {
    LINKS.forEach(
        (wants, units) -> {
          for (String unit : units) {
            String link = vendor + "/" + wants + "/" + unit;
            if (tree.isFile(vendor + "/" + unit)
                && tree.type(link).isEmpty()
                && isStatic(tree, vendor + "/" + unit)) {
              tree.link(link, "../" + unit);
              changes.added(link, "systemd's own build has this link, and the image lacks it");
            }
          }
        });
  }

  /** A unit with an [Install] section is enabled by a link in /etc, or is not meant to be. */
  private static boolean isStatic(OsTree tree, String file) {
    return tree.read(file).orElse("").lines().noneMatch("[Install]"::equals);
  }
}
