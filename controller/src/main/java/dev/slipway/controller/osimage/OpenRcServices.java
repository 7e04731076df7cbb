package dev.slipway.controller.osimage;

import dev.slipway.linux.OperatorError;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Images for containers have OpenRC without a service in its runlevels, for nothing of a machine is
 * theirs. What Alpine's setup program adds on a machine is added.
 */
final class OpenRcServices implements Check {
  private static final List<String> MDEV = List.of("mdev", "hwdrivers");
  private static final List<String> UDEV = List.of("udev", "udev-trigger", "udev-settle");

  @Override
  public String name() {
    return "openrc-services";
  }

  @Override
  public void apply(OsTree tree, ChangeLog changes) {
    OpenRc.in(tree).ifPresent(openRc -> add(tree, openRc, changes));
  }

  private static void add(OsTree tree, OpenRc openRc, ChangeLog changes) {
    wanted(tree, openRc)
        .forEach(
            (runlevel, services) ->
                services.stream()
                    .filter(openRc::has)
                    .filter(service -> !openRc.isAdded(service))
                    .forEach(
                        service ->
                            changes.added(
                                openRc.add(runlevel, service),
                                "a machine needs it, and a container does not")));
  }

  private static Map<String, List<String>> wanted(OsTree tree, OpenRc openRc) {
    Map<String, List<String>> wanted = new LinkedHashMap<>();
    wanted.put("sysinit", List.of("devfs", "dmesg"));
    wanted.merge("sysinit", devices(tree, openRc), OpenRcServices::both);
    wanted.put(
        "boot",
        List.of(
            "modules",
            "hwclock",
            "sysctl",
            "hostname",
            "bootmisc",
            "syslog",
            "root",
            "localmount",
            "seedrng"));
    wanted.put("shutdown", List.of("mount-ro", "killprocs", "savecache"));
    return wanted;
  }

  private static List<String> both(List<String> first, List<String> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  /** Either of the two device managers; both would fight. */
  private static List<String> devices(OsTree tree, OpenRc openRc) {
    if (openRc.has("udev") && (openRc.isAdded("udev") || !openRc.has("mdev"))) {
      return UDEV;
    }
    if (!openRc.has("mdev")) {
      throw new OperatorError(
          "The image has OpenRC but neither mdev nor udev for it, so no driver would be loaded and"
              + " no device found after the boot. "
              + Distribution.of(tree).toGetUdev());
    }
    return MDEV;
  }
}
