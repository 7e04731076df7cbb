package dev.slipway.controller.osimage;

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
    String current =
        tree.real(DEFAULT).or(() -> tree.real(vendor + "/default.target")).orElse("nowhere");
    boolean graphical = current.endsWith("/graphical.target");
    if (!current.equals("nowhere") && !(graphical && !systemd.has("display-manager.service"))) {
      return;
    }
    tree.link(DEFAULT, vendor + "/multi-user.target");
    changes.changed(
        DEFAULT,
        graphical
            ? "multi-user.target instead of graphical.target, because there is no display manager"
            : "multi-user.target, because no default target was there");
  }
}
