package dev.slipway.controller.osimage;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** An address of IP version 4 or 6. */
public record IpAddress(InetAddress value) {
  private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
  private static final Pattern VERSION_4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
  private static final Pattern VERSION_6 = Pattern.compile("[0-9A-Fa-f:]*:[0-9A-Fa-f:]*");
  private static final int BITS_4 = 32;
  private static final int BITS_6 = 128;

  /**
   * The address that a text writes out in full or, of version 6, with "::"; no name is asked for.
   */
  public static Optional<IpAddress> parse(String text) {
    if (!VERSION_4.matcher(text).matches() && !VERSION_6.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      // Looks nothing up: what is of these forms is an address or nothing.
      return Optional.of(new IpAddress(InetAddress.getByName(text)));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  /** Whether it is of version 4, and not of version 6. */
  public boolean isOfVersion4() {
    return bits() == BITS_4;
  }

  /** Whether both are of the same version. */
  public boolean isOfVersionOf(IpAddress other) {
    return bits() == other.bits();
  }

  /** Whether it holds on its own link only, as routers of version 6 have it (RFC 4291, 2.5.6). */
  public boolean isLinkLocal() {
    return value.isLinkLocalAddress();
  }

  /** Whether one host can have it: it is neither a group's nor nobody's nor the loopback's. */
  public boolean isOfAHost() {
    return !value.isMulticastAddress()
        && !value.isAnyLocalAddress()
        && !value.isLoopbackAddress()
        && !toString().equals("255.255.255.255");
  }

  /** How many bits it has, 32 or 128. */
  int bits() {
    return value.getAddress().length == BITS_4 / 8 ? BITS_4 : BITS_6;
  }

  @Override
  public String toString() {
    return value.getHostAddress();
  }
}
