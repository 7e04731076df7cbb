package dev.slipway.controller.osimage;

import dev.slipway.linux.FileType;

/**
 * /etc/resolv.conf of an image is the engine's or the build network's. With systemd-resolved it
 * becomes the link that resolved wants. Without it (Debian from 12 on has it in a package of its
 * own) nothing else would write what systemd-networkd learned by DHCP, so a path unit does.
 */
final class NameResolution implements Check {
  private static final String RESOLV_CONF = "/etc/resolv.conf";
  private static final String STUB = "../run/systemd/resolve/stub-resolv.conf";
  private static final String RESOLVED = "systemd-resolved.service";
  private static final String NETWORKD = "systemd-networkd.service";

  @Override
  public String name() {
    return "name-resolution";
  }

  @Override
  public void apply(OsTree tree, ChangeLog changes) {
    Systemd.in(tree)
        .filter(systemd -> isNobodys(tree))
        .ifPresent(
            systemd -> {
              if (systemd.has(RESOLVED)) {
                useResolved(tree, systemd, changes);
              } else if (systemd.isEnabled(NETWORKD)) {
                followNetworkd(tree, systemd, changes);
              }
            });
  }

  /** A file that names servers of its own was put there on purpose. */
  private static boolean isNobodys(OsTree tree) {
    if (tree.type(RESOLV_CONF).filter(FileType.REGULAR::equals).isEmpty()) {
      // Absent, or a link to what some service writes; resolved's own link is renewed below.
      return tree.type(RESOLV_CONF).isEmpty()
          || tree.linkTarget(RESOLV_CONF).orElse("").contains("systemd/resolve/");
    }
    String content = tree.read(RESOLV_CONF).orElse("");
    return content
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith("nameserver"))
        .allMatch(NameResolution::isOfABuild);
  }

  /** Docker's embedded server, and that of QEMU's and slirp4netns' user networks. */
  private static boolean isOfABuild(String line) {
    return line.endsWith(" 127.0.0.11") || line.endsWith(" 10.0.2.3");
  }

  private static void useResolved(OsTree tree, Systemd systemd, ChangeLog changes) {
    if (!tree.linkTarget(RESOLV_CONF).orElse("").equals(STUB)) {
      boolean there = tree.type(RESOLV_CONF).isPresent();
      tree.link(RESOLV_CONF, STUB);
      changes.put(there, RESOLV_CONF, "systemd-resolved knows the host's name servers");
    }
    if (!systemd.isEnabled(RESOLVED)) {
      systemd
          .enable(RESOLVED)
          .forEach(link -> changes.added(link, RESOLV_CONF + " leads to systemd-resolved"));
    }
  }

  private static void followNetworkd(OsTree tree, Systemd systemd, ChangeLog changes) {
    if (tree.type(RESOLV_CONF).isPresent()) {
      tree.delete(RESOLV_CONF);
      changes.removed(RESOLV_CONF, "the engine's or the build network's; hosts have their own");
    }
    Resource.put(tree, "resolv-conf", "/usr/lib/slipway/resolv-conf", 0755);
    changes.added("/usr/lib/slipway/resolv-conf", "writes the name servers that DHCP gave");
    for (String unit : new String[] {"slipway-resolv.path", "slipway-resolv.service"}) {
      Resource.put(tree, unit, Systemd.ADMINISTRATOR + "/" + unit, 0644);
      changes.added(Systemd.ADMINISTRATOR + "/" + unit, "runs it whenever they change");
    }
    systemd
        .enable("slipway-resolv.path")
        .forEach(
            link -> changes.added(link, "there is no systemd-resolved to follow name servers"));
  }
}
