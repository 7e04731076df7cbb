package dev.slipway.controller.osimage;

import java.util.List;

/**
 * Images for containers leave D-Bus out. systemd-logind does not start without it, so logins are no
 * sessions, and what asks services of systemd by it, such as hostnamectl, gets no answer.
 */
final class DbusPresent implements Check {
  private static final List<String> DAEMONS =
      List.of("/usr/bin/dbus-daemon", "/bin/dbus-daemon", "/usr/bin/dbus-broker-launch");

  @Override
  public String name() {
    return "dbus";
  }

  @Override
  public void apply(OsTree tree, ChangeLog changes) {
    if (Systemd.in(tree).isPresent() && DAEMONS.stream().noneMatch(tree::isFile)) {
      changes.noted(
          "The image has systemd but no D-Bus, without which systemd-logind does not start, and"
              + " hostnamectl, timedatectl and networkctl get no answers. "
              + Distribution.of(tree).toGetDbus());
    }
  }
}
