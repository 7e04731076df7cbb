package dev.slipway.controller.osimage;

import java.util.List;
import java.util.stream.Stream;

/** Images leave the network to the container engine. Where nothing configures it, DHCP does. */
final class Network implements Check {
  private static final String SERVICE = "systemd-networkd.service";
  private static final String MANAGER = "NetworkManager.service";
  private static final String UNMANAGED =
      "/usr/lib/NetworkManager/conf.d/10-globally-managed-devices.conf";
  private static final String MANAGED =
      "/etc/NetworkManager/conf.d/10-globally-managed-devices.conf";
  private static final String NETWORKING = "networking";
  private static final String INTERFACES = "/etc/network/interfaces";
  private static final String NOTHING =
      "Nothing in the image configures the network, and it has nothing that could: install"
          + " systemd-networkd or NetworkManager, or on Alpine ifupdown-ng or busybox-openrc.";
  private static final String DHCP_BY_IFUPDOWN =
      """
      auto lo
      iface lo inet loopback

      auto eth0
      iface eth0 inet dhcp
      """;
  private static final String NETWORKS = "/etc/systemd/network";
  private static final String FILE = NETWORKS + "/80-dhcp.network";
  private static final String NETPLAN = "/etc/netplan";

  /** What needs no files to set up a network; systemd-networkd does. */
  private static final List<String> MANAGERS =
      List.of(MANAGER, "wicked.service", "connman.service", "dhcpcd.service");

  /** What reads ifcfg files in Enterprise Linux 7 and older. */
  private static final List<String> NETWORK_SCRIPTS =
      List.of("/etc/rc.d/init.d/network", "/etc/init.d/network");

  /**
   * Type and no Kind: network cards, whatever their names, but not the bridges and pairs that
   * container engines make on the host (systemd.network(5)). By MAC, so that the host keeps its
   * address whichever slot asks for it.
   */
  private static final String DHCP =
      """
      [Match]
      Type=ether
      Kind=!*

      [Network]
      DHCP=yes

      [DHCPv4]
      ClientIdentifier=mac
      """;

  @Override
  public String name() {
    return "network";
  }

  @Override
  public void apply(OsTree tree, ChangeLog changes) {
    Systemd.in(tree)
        .ifPresent(
            systemd -> {
              if (isConfigured(tree, systemd)) {
                startWhatReadsIt(tree, systemd, changes);
              } else {
                configure(tree, systemd, changes);
              }
              letManagerHaveEthernet(tree, systemd, changes);
            });
    OpenRc.in(tree).ifPresent(openRc -> configure(tree, openRc, changes));
  }

  private static void configure(OsTree tree, Systemd systemd, ChangeLog changes) {
    if (systemd.has(MANAGER)) {
      // Where it is, it is the distribution's own way; without a profile it asks for DHCP.
      enable(systemd, MANAGER, "nothing in the image configures the network", changes);
    } else if (systemd.has(SERVICE)) {
      tree.write(FILE, DHCP, 0644);
      changes.added(FILE, "nothing in the image configures the network");
      enable(systemd, SERVICE, "systemd-networkd reads " + FILE, changes);
    } else {
      changes.noted(NOTHING);
    }
  }

  /** A file for a service that is there and that nothing starts does nothing. */
  private static void startWhatReadsIt(OsTree tree, Systemd systemd, ChangeLog changes) {
    if (isManaged(systemd)
        || systemd.isEnabled(SERVICE)
        || interfacesNamesOneBesidesLoopback(tree)
        || endingWith(tree, NETPLAN, ".yaml").findAny().isPresent()
        || NETWORK_SCRIPTS.stream().anyMatch(tree::isFile)) {
      return;
    }
    if (profiles(tree).findAny().isPresent() && systemd.has(MANAGER)) {
      enable(systemd, MANAGER, "it reads the image's profiles of the network", changes);
    } else if (networks(tree).findAny().isPresent() && systemd.has(SERVICE)) {
      enable(systemd, SERVICE, "it reads the image's files in " + NETWORKS, changes);
    }
  }

  private static void enable(Systemd systemd, String unit, String reason, ChangeLog changes) {
    systemd.enable(unit).forEach(link -> changes.added(link, reason));
  }

  /**
   * Ubuntu's NetworkManager leaves Ethernet to netplan. Without netplan nobody has it; an empty
   * file of the same name in /etc takes the place of the one that says so (NetworkManager.conf(5)).
   */
  private static void letManagerHaveEthernet(OsTree tree, Systemd systemd, ChangeLog changes) {
    if (systemd.has(MANAGER)
        && systemd.isEnabled(MANAGER)
        && tree.read(UNMANAGED).orElse("").contains("unmanaged-devices=*")
        && tree.read(MANAGED).isEmpty()
        && endingWith(tree, NETPLAN, ".yaml").findAny().isEmpty()) {
      tree.write(MANAGED, "", 0644);
      changes.added(MANAGED, UNMANAGED + " leaves Ethernet to netplan, which is not set up");
    }
  }

  /** Alpine's names are the kernel's, for nothing renames them. */
  private static void configure(OsTree tree, OpenRc openRc, ChangeLog changes) {
    if (!openRc.has(NETWORKING)) {
      if (!openRc.isAdded("dhcpcd")) {
        changes.noted(NOTHING);
      }
      return;
    }
    if (!interfacesNamesOneBesidesLoopback(tree)) {
      boolean isThere = tree.type(INTERFACES).isPresent();
      tree.write(INTERFACES, DHCP_BY_IFUPDOWN, 0644);
      changes.put(isThere, INTERFACES, "nothing in the image configures the network");
    }
    if (!openRc.isAdded(NETWORKING)) {
      changes.added(openRc.add("boot", NETWORKING), "it reads " + INTERFACES);
    }
  }

  private static boolean isConfigured(OsTree tree, Systemd systemd) {
    return Stream.of(networks(tree), endingWith(tree, NETPLAN, ".yaml"), profiles(tree))
            .anyMatch(names -> names.findAny().isPresent())
        || interfacesNamesOneBesidesLoopback(tree)
        || isManaged(systemd);
  }

  private static boolean isManaged(Systemd systemd) {
    return MANAGERS.stream().anyMatch(unit -> systemd.has(unit) && systemd.isEnabled(unit));
  }

  /** Of systemd-networkd. */
  private static Stream<String> networks(OsTree tree) {
    return endingWith(tree, NETWORKS, ".network");
  }

  /** Of NetworkManager, in its own form and in that of the older scripts, which it reads too. */
  private static Stream<String> profiles(OsTree tree) {
    return Stream.concat(
        tree.names("/etc/NetworkManager/system-connections").stream(),
        tree.names("/etc/sysconfig/network-scripts").stream()
            .filter(name -> name.startsWith("ifcfg-") && !name.equals("ifcfg-lo")));
  }

  private static Stream<String> endingWith(OsTree tree, String directory, String end) {
    return tree.names(directory).stream().filter(name -> name.endsWith(end));
  }

  /** interfaces(5) of ifupdown. */
  private static boolean interfacesNamesOneBesidesLoopback(OsTree tree) {
    Stream<String> files =
        Stream.concat(
            Stream.of(INTERFACES),
            tree.names("/etc/network/interfaces.d").stream()
                .map(name -> "/etc/network/interfaces.d/" + name));
    return files
        .flatMap(file -> tree.read(file).orElse("").lines())
        .map(String::strip)
        .anyMatch(line -> line.startsWith("iface ") && !line.matches("iface\\s+lo\\s.*"));
  }
}
