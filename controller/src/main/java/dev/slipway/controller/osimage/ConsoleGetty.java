package dev.slipway.controller.osimage;

/**
 * console-getty asks for a login on /dev/console, as containers want it; on a machine systemd
 * starts a getty for every console= by itself, and the two would fight for the line.
 */
final class ConsoleGetty implements Check {
  private static final String UNIT = "console-getty.service";

  @Override
  public String name() {
    return "console-getty";
  }

  @Override
  public void apply(OsTree tree, ChangeLog changes) {
    for (String name : tree.names(Systemd.ADMINISTRATOR)) {
      String link = Systemd.ADMINISTRATOR + "/" + name + "/" + UNIT;
      if (name.endsWith(".wants") && tree.type(link).isPresent()) {
        tree.delete(link);
        changes.removed(link, "a login prompt for containers; the consoles get their own");
      }
    }
  }
}
