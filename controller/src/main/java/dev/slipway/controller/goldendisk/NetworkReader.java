package dev.slipway.controller.goldendisk;

import dev.slipway.controller.osimage.InterfaceAddress;
import dev.slipway.controller.osimage.IpAddress;
import dev.slipway.controller.osimage.NetworkCard;
import dev.slipway.controller.osimage.NetworkCard.Addressing;
import dev.slipway.controller.osimage.NetworkCard.Which;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the key {@code network} of a host. */
final class NetworkReader {
  static final List<String> KEYS = List.of("mac", "interface", "dhcp", "address", "gateway", "dns");

  private static final Pattern MAC = Pattern.compile("[0-9a-f]{2}(:[0-9a-f]{2}){5}");

  /**
   * What the kernel takes for a name (15 bytes), without what other tools take for something else.
   */
  private static final Pattern INTERFACE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,14}");

  private NetworkReader() {}

  static List<NetworkCard> read(YamlMapping host) {
    List<NetworkCard> cards = new ArrayList<>();
    Set<Which> seen = new HashSet<>();
    for (YamlMapping card : host.mappings("network", KEYS)) {
      Which which = which(card);
      if (!seen.add(which)) {
        throw card.refuse("is about the same card as another entry before it");
      }
      Addressing addressing = addressing(card);
      cards.add(new NetworkCard(which, addressing, nameServers(card, addressing)));
    }
    return cards;
  }

  private static Which which(YamlMapping card) {
    if (card.has("mac") && card.has("interface")) {
      throw card.refuse("interface", "names the card a second time; 'mac' does already");
    }
    Optional<Which> mac = card.word("mac").map(text -> new Which.WithAddress(mac(text)));
    return mac.or(() -> card.text("interface").map(text -> new Which.Named(interfaceName(text))))
        .orElseGet(Which.AllOthers::new);
  }

  private static String mac(YamlMapping.Text text) {
    String mac = text.value().toLowerCase(Locale.ROOT).replace('-', ':');
    if (!MAC.matcher(mac).matches()) {
      throw text.refused("a MAC address is six bytes such as 52:54:00:12:34:56");
    }
    boolean group = (Integer.parseInt(mac.substring(0, 2), 16) & 1) != 0;
    if (group || mac.equals("00:00:00:00:00:00")) {
      throw text.refused("no card has that MAC address: it is a group's or nobody's");
    }
    return mac;
  }

  private static String interfaceName(YamlMapping.Text text) {
    if (!INTERFACE.matcher(text.value()).matches() || text.value().equals("lo")) {
      throw text.refused(
          "a card's name is up to 15 letters, digits and _.- such as eth0, and not lo");
    }
    return text.value();
  }

  private static Addressing addressing(YamlMapping card) {
    boolean dhcp = card.truth("dhcp").orElse(false);
    if (dhcp) {
      for (String key : List.of("address", "gateway")) {
        if (card.has(key)) {
          throw card.refuse(key, "is what DHCP gives; take it or 'dhcp' out");
        }
      }
      return new Addressing.Dhcp();
    }
    List<InterfaceAddress> addresses =
        card.texts("address").stream().map(NetworkReader::address).toList();
    if (addresses.isEmpty()) {
      throw card.refuse("has neither 'dhcp: true' nor an 'address'");
    }
    return new Addressing.Fixed(addresses, gateways(card, addresses));
  }

  private static InterfaceAddress address(YamlMapping.Text text) {
    InterfaceAddress address =
        InterfaceAddress.parse(text.value())
            .orElseThrow(
                () ->
                    text.refused(
                        "an address has its network's length behind it, such as 192.0.2.10/24 or"
                            + " 2001:db8::10/64"));
    if (address.isNoHost() || !address.address().isOfAHost()) {
      throw text.refused("no host can have that address: it is a network's or a group's");
    }
    return address;
  }

  private static List<IpAddress> gateways(YamlMapping card, List<InterfaceAddress> addresses) {
    List<IpAddress> gateways = new ArrayList<>();
    for (YamlMapping.Text text : card.texts("gateway")) {
      IpAddress gateway = ipAddress(text);
      if (gateways.stream().anyMatch(gateway::isOfVersionOf)) {
        throw text.refused("another gateway of that version stands before it");
      }
      if (!gateway.isLinkLocal() && addresses.stream().noneMatch(own -> own.reaches(gateway))) {
        throw text.refused("none of the card's addresses is in a network with it");
      }
      gateways.add(gateway);
    }
    return gateways;
  }

  private static List<IpAddress> nameServers(YamlMapping card, Addressing addressing) {
    List<IpAddress> servers = card.texts("dns").stream().map(NetworkReader::ipAddress).toList();
    boolean outOfReach =
        !servers.isEmpty()
            && servers.stream().allMatch(IpAddress::isOfVersion4)
            && addressing instanceof Addressing.Fixed fixed
            && fixed.addresses().stream().noneMatch(own -> own.address().isOfVersion4());
    if (outOfReach) {
      // Of version 6 the card may get one from its router, so the other way round is no mistake.
      throw card.refuse(
          "dns",
          "names only servers of IP version 4, which the card cannot reach without an 'address' of"
              + " that version; add one, or a server of version 6");
    }
    return servers;
  }

  private static IpAddress ipAddress(YamlMapping.Text text) {
    return IpAddress.parse(text.value())
        .filter(IpAddress::isOfAHost)
        .orElseThrow(
            () -> text.refused("that is no host's address, such as 192.0.2.1 or 2001:db8::1"));
  }
}
