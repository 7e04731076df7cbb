package dev.slipway.controller.source.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistryHttpTest {
  @ParameterizedTest
  @CsvSource({
    "https://registry.example/v2/, https://registry.example/x, true",
    "https://registry.example, https://registry.example:443, true",
    "http://registry.example:80, http://registry.example, true",
    "https://registry.example, https://Registry.example, true",
    "https://registry.example, http://registry.example, false",
    "https://registry.example, https://registry.example:80, false",
    "https://registry.example:443, http://registry.example:443, false",
    "https://registry.example, https://cdn.registry.example, false",
  })
  void aServerIsItsSchemeHostAndPort(URI one, URI other, boolean same) {
    assertThat(RegistryHttp.isSameServer(one, other)).isEqualTo(same);
    assertThat(RegistryHttp.isSameServer(other, one)).isEqualTo(same);
  }
}
