package dev.slipway.controller.osimage;

import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An address of a network card and the network that it lies in, as CIDR writes it (RFC 4632):
 * {@code 192.0.2.10/24}.
 *
 * @param prefix how many of the first bits are the network's
 */
public record InterfaceAddress(IpAddress address, int prefix) {
  private static final Pattern FORM = Pattern.compile("([^/]+)/(0|[1-9][0-9]{0,2})");

  /** The address in a text of this form; empty when it is none, or its prefix is too long. */
  public static Optional<InterfaceAddress> parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    int prefix = Integer.parseInt(form.group(2));
    return IpAddress.parse(form.group(1))
        .filter(address -> prefix > 0 && prefix <= address.bits())
        .map(address -> new InterfaceAddress(address, prefix));
  }

  /** Whether the other address lies in the network. */
  public boolean reaches(IpAddress other) {
    return address.isOfVersionOf(other)
        && number(address).xor(number(other)).shiftRight(hostBits()).signum() == 0;
  }

  /**
   * Whether it is the first of its network, which names the network, or in version 4 the last,
   * which calls all hosts in it. Networks of two addresses or one have neither (RFC 3021).
   */
  public boolean isNoHost() {
    if (hostBits() < 2) {
      return false;
    }
    BigInteger hosts = BigInteger.ONE.shiftLeft(hostBits()).subtract(BigInteger.ONE);
    BigInteger host = number(address).and(hosts);
    return host.signum() == 0 || (address.bits() == 32 && host.equals(hosts));
  }

  private int hostBits() {
    return address.bits() - prefix;
  }

  private static BigInteger number(IpAddress address) {
    return new BigInteger(1, address.value().getAddress());
  }

  @Override
  public String toString() {
    return address + "/" + prefix;
  }
}
