package dev.slipway.controller.osimage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InterfaceAddressTest {
  @ParameterizedTest
  @CsvSource({
    "192.0.2.10/24, 192.0.2.1, true",
    "192.0.2.10/24, 192.0.3.1, false",
    "192.0.2.10/23, 192.0.3.1, true",
    "192.0.2.10/32, 192.0.2.10, true",
    "192.0.2.10/32, 192.0.2.11, false",
    "192.0.2.10/24, 2001:db8::1, false",
    "2001:db8::10/64, 2001:db8::ffff:0:1, true",
    "2001:db8::10/64, 2001:db8:0:1::1, false",
    "2001:db8::10/64, 192.0.2.1, false"
  })
  void aNetworkReachesTheAddressesThatBeginAsItDoes(String own, String other, boolean reaches) {
    assertThat(address(own).reaches(IpAddress.parse(other).orElseThrow())).isEqualTo(reaches);
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.0/24, true",
    "192.0.2.255/24, true",
    "192.0.2.255/23, false",
    "192.0.2.0/31, false",
    "192.0.2.255/32, false",
    "2001:db8::/64, true",
    "2001:db8::ffff:ffff:ffff:ffff/64, false"
  })
  void theEndsOfANetworkAreNoHosts(String text, boolean noHost) {
    assertThat(address(text).isNoHost()).isEqualTo(noHost);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "192.0.2.1",
        "192.0.2.1/",
        "192.0.2.1/33",
        "192.0.2.1/0",
        "192.0.2.1/024",
        "192.0.2/24",
        "192.0.2.01/24",
        "192.0.2.1/24/24",
        "3221225994/24",
        "localhost/24",
        "2001:db8::1/129",
        "2001:db8::1::2/64",
        "fe80::1%eth0/64",
        ":/64",
        "/24"
      })
  void whatIsNotWrittenOutIsNone(String text) {
    assertThat(InterfaceAddress.parse(text)).isEmpty();
  }

  @Test
  void anAddressOfVersionFourInsideSixCountsAsFour() {
    assertThat(IpAddress.parse("::ffff:c000:201"))
        .hasValueSatisfying(address -> assertThat(address).hasToString("192.0.2.1"));
  }

  private static InterfaceAddress address(String text) {
    return InterfaceAddress.parse(text).orElseThrow();
  }
}
