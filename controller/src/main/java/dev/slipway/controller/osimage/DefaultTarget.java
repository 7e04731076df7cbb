package dev.slipway.controller.osimage;

import java.util.Optional;

/**
 * A default target of graphical.target with no display manager stalls instead of asking for a
 * login.
 */
final class DefaultTarget implements Check {
  private static final String DEFAULT = Systemd.ADMINISTRATOR + "/default.target";

  @Override
  public String name() {
    return "default-target";
  }

  @Override
  public void apply(OsTree tree, ChangeLog changes) {
    Systemd.in(tree).ifPresent(systemd -> apply(tree, systemd, changes));
  }

  private static void apply(OsTree tree, Systemd systemd, ChangeLog changes) {
    String vendor = systemd.vendorDirectory();
    Optional<String> current = systemd.file("default.target").flatMap(tree::real);
    boolean graphical = current.filter(file -> file.endsWith("/graphical.target")).isPresent();
    if (current.isPresent() && !(graphical && !systemd.has("display-manager.service"))) {
      return;
    }
    boolean there = tree.type(DEFAULT).isPresent();
    tree.link(DEFAULT, vendor + "/multi-user.target");
    changes.put(there, DEFAULT, reason(graphical, there));
  }

  private static String reason(boolean graphical, boolean there) {
    if (graphical) {
      return "multi-user.target instead of graphical.target, because there is no display manager";
    }
    return there
        ? "multi-user.target, because what was there is masked or leads nowhere"
        : "multi-user.target, because no default target was there";
  }
}
