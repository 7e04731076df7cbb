package dev.slipway.controller.osimage;

import java.util.List;

/**
 * How a host's network card gets its addresses, in every slot.
 *
 * @param nameServers beside those that DHCP gives
 */
public record NetworkCard(Which which, Addressing addressing, List<IpAddress> nameServers) {
  public NetworkCard {
    nameServers = List.copyOf(nameServers);
  }

  /** Which card it is about. */
  public sealed interface Which {
    /**
     * The one with this hardware address.
     *
     * @param mac six bytes in lower case, with colons
     */
    record WithAddress(String mac) implements Which {}

    /**
     * The one that the kernel or udev calls so.
     *
     * @param name such as eth0
     */
    record Named(String name) implements Which {}

    /** Every card for wires that no other entry is about. */
    record AllOthers() implements Which {}
  }

  /** Where its addresses come from. */
  public sealed interface Addressing {
    /** From the network, of both versions. */
    record Dhcp() implements Addressing {}

    /**
     * From here.
     *
     * @param addresses at least one
     * @param gateways at most one of each version
     */
    record Fixed(List<InterfaceAddress> addresses, List<IpAddress> gateways) implements Addressing {
      public Fixed {
        addresses = List.copyOf(addresses);
        gateways = List.copyOf(gateways);
      }
    }
  }

  /** As the slot's host-setup reads it; that script's head describes the lines. */
  public String lines() {
    StringBuilder lines = new StringBuilder();
    if (which instanceof Which.WithAddress card) {
      add(lines, "mac", card.mac());
    } else if (which instanceof Which.Named card) {
      add(lines, "interface", card.name());
    }
    if (addressing instanceof Addressing.Fixed fixed) {
      fixed.addresses().forEach(address -> add(lines, "address", address));
      fixed.gateways().forEach(gateway -> add(lines, "gateway", gateway));
    } else {
      add(lines, "dhcp", "yes");
    }
    nameServers.forEach(server -> add(lines, "dns", server));
    return lines.toString();
  }

  private static void add(StringBuilder lines, String key, Object value) {
    lines.append(key).append('=').append(value).append('\n');
  }
}
