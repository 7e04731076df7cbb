package dev.slipway.controller.osimage;

import dev.slipway.linux.FileType;

/**
 * systemd starts a login prompt on every console of the kernel by itself; busybox' and sysvinit's
 * init start what /etc/inittab names, and in images that is no serial line.
 */
final class SerialLogin implements Check {
  private static final String INITTAB = "/etc/inittab";
  private static final String GETTY = "/sbin/getty";
  private static final String BUSYBOX = "ttyS0::respawn:" + GETTY + " -L 115200 ttyS0 vt100";
  private static final String SYSVINIT = "S0:2345:respawn:" + GETTY + " -L 115200 ttyS0 vt100";

  @Override
  public String name() {
    return "serial-login";
  }

  @Override
  public void apply(OsTree tree, ChangeLog changes) {
    boolean ours =
        Systemd.in(tree).isEmpty()
            && tree.type(INITTAB).filter(FileType.REGULAR::equals).isPresent()
            // Without it init would start nothing over and over, and fill the console with that.
            && tree.isFile(GETTY);
    if (!ours) {
      return;
    }
    String before = tree.read(INITTAB).orElse("");
    boolean there =
        before.lines().anyMatch(line -> !line.startsWith("#") && line.contains("ttyS0"));
    if (!there) {
      String end = before.isEmpty() || before.endsWith("\n") ? "" : "\n";
      String after = before + end + (isSysvinits(before) ? SYSVINIT : BUSYBOX) + "\n";
      changes.changed(tree.edit(INITTAB, after), "a login prompt on the first serial line");
    }
  }

  /** Its runlevels stand in the second field (inittab(5)); busybox has none. */
  private static boolean isSysvinits(String inittab) {
    return inittab.lines().anyMatch(line -> line.matches("id:[0-9]:initdefault:.*"));
  }
}
