package dev.slipway.controller.source.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistryHttpTest {
  @ParameterizedTest
  @CsvSource({
    "https://quay.io/v2/, https://quay.io/x, true",
    "https://quay.io, https://quay.io:443, true",
    "http://quay.io:80, http://quay.io, true",
    "https://quay.io, https://Quay.io, true",
    "https://quay.io, http://quay.io, false",
    "https://quay.io, https://quay.io:80, false",
    "https://quay.io:443, http://quay.io:443, false",
    "https://quay.io, https://cdn.quay.io, false",
  })
  void aServerIsItsSchemeHostAndPort(URI one, URI other, boolean same) {
    assertThat(RegistryHttp.isSameServer(one, other)).isEqualTo(same);
    assertThat(RegistryHttp.isSameServer(other, one)).isEqualTo(same);
  }
}
