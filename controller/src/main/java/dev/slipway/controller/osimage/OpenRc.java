package dev.slipway.controller.osimage;

import java.util.Optional;

/** The OpenRC of a tree, as Alpine has it (openrc(8), rc-update(8)). */
final class OpenRc {
  private static final String SCRIPTS = "/etc/init.d/";
  private static final String RUNLEVELS = "/etc/runlevels/";

  private final OsTree tree;

  private OpenRc(OsTree tree) {
    this.tree = tree;
  }

  /** Empty where another init is at work. */
  static Optional<OpenRc> in(OsTree tree) {
    boolean there = tree.isFile("/sbin/openrc") || tree.isFile("/usr/sbin/openrc");
    return there && Systemd.in(tree).isEmpty() ? Optional.of(new OpenRc(tree)) : Optional.empty();
  }

  boolean has(String service) {
    return tree.isFile(SCRIPTS + service);
  }

  /** Whether it starts in some runlevel. */
  boolean isAdded(String service) {
    return tree.names(RUNLEVELS).stream()
        .anyMatch(runlevel -> tree.type(link(runlevel, service)).isPresent());
  }

  /** As rc-update add does it; returns the link. */
  String add(String runlevel, String service) {
    String link = link(runlevel, service);
    tree.makeDirectories(RUNLEVELS + runlevel);
    tree.link(link, SCRIPTS + service);
    return link;
  }

  private static String link(String runlevel, String service) {
    return RUNLEVELS + runlevel + "/" + service;
  }
}
