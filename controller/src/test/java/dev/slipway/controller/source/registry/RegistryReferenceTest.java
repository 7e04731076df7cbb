package dev.slipway.controller.source.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.linux.OperatorError;
import java.net.URI;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryReferenceTest {
  private static final String DIGEST = "sha256:" + "0a".repeat(32);

  @ParameterizedTest
  @CsvSource({
    "debian, docker.io/library/debian:latest",
    "debian:12, docker.io/library/debian:12",
    "team/os:1, docker.io/team/os:1",
    "docker.io/debian, docker.io/library/debian:latest",
    "index.docker.io/debian, docker.io/library/debian:latest",
    "docker.io/team/os, docker.io/team/os:latest",
    "localhost/os, localhost/os:latest",
    "localhost:5000/team/os:1, localhost:5000/team/os:1",
    "registry.example.org/os, registry.example.org/os:latest",
    "registry:5000/os, registry:5000/os:latest",
    "registry/os, docker.io/registry/os:latest",
    "[::1]:5000/os:1, [::1]:5000/os:1",
    "registry.example/a/b/c/d_e-f__g.h:v1.0-rc.1, registry.example/a/b/c/d_e-f__g.h:v1.0-rc.1",
  })
  void aNameMeansWhatItMeansToTheDockerCommand(String written, String meant) {
    RegistryReference reference = RegistryReference.parse(written);
    assertThat(reference).hasToString(meant);
    assertThat(RegistryReference.parse(meant)).isEqualTo(reference);
  }

  @Test
  void aDigestPinsAndATagBesideItIsKept() {
    RegistryReference pinned = RegistryReference.parse("registry.example/os@" + DIGEST);
    assertThat(pinned).hasToString("registry.example/os@" + DIGEST);
    assertThat(pinned.tag()).isEmpty();
    assertThat(pinned.version()).isEqualTo(DIGEST);

    RegistryReference both = RegistryReference.parse("registry.example/os:1@" + DIGEST);
    assertThat(both).hasToString("registry.example/os:1@" + DIGEST);
    assertThat(both.version()).isEqualTo(DIGEST);
  }

  @Test
  void dockerHubIsAskedAndLoggedInToUnderItsOtherNames() {
    RegistryReference hub = RegistryReference.parse("debian");
    assertThat(hub.apiHost()).isEqualTo("registry-1.docker.io");
    assertThat(hub.loginServer()).isEqualTo("https://index.docker.io/v1/");
    assertThat(hub.loginCommand()).isEqualTo("docker login");
    assertThat(RegistryReference.parse("registry.example/os").apiHost())
        .isEqualTo("registry.example");
  }

  @ParameterizedTest
  @CsvSource({
    "localhost/os, true",
    "localhost:5000/os, true",
    "127.0.0.1:5000/os, true",
    "127.1.2.3/os, true",
    "[::1]:5000/os, true",
    "localhost.example.org/os, false",
    "128.0.0.1/os, false",
    "127.0.0.1.example.org/os, false",
  })
  void onlyThisMachineIsLoopback(String written, boolean loopback) {
    assertThat(RegistryReference.parse(written).isLoopback()).isEqualTo(loopback);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "Debian",
        "registry.example/",
        "registry.example/Os",
        "registry.example//os",
        "registry.example/os:",
        "registry.example/os:-1",
        "registry.example/os/../x",
        "registry.example/os?x=1",
        "user@registry.example/os",
        "registry.example:99999/os",
        "registry.example:/os",
        "-registry.example/os",
        "os@",
        "os@sha256:12",
        "os@sha512:12",
        "os:1 2",
        "https://registry.example/os",
        "10.0.0.256:5000/os",
        "10.0.0.5./os",
        "192.168.1:5000/os",
        "registry..example/os",
        "registry.1/os",
        "host-.example/os",
        "[::::]/os",
      })
  void whatIsNoNameIsRefused(String text) {
    assertThatThrownBy(() -> RegistryReference.parse(text)).isInstanceOf(OperatorError.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ada:word@registry.example/os",
        "ada:wo/rd@registry.example/os",
        "ada:word@registry.example",
        "ada:word@os:1",
        "https://ada:word@registry.example/os@sha256:12",
      })
  void aLoginIsNotRepeated(String text) {
    assertThatThrownBy(() -> RegistryReference.parse(text))
        .isInstanceOf(OperatorError.class)
        .hasMessageNotContainingAny("word", "wo/rd", "ada");
  }

  @Test
  void whateverIsTakenIsWrittenOutSoThatItMeansTheSameAgain() {
    long seed = Long.getLong("slipway.seed", System.nanoTime());
    Random random = new Random(seed);
    String[] pieces = {"a", "os", "A", ".", ":", "/", "-", "_", "1", "@", "localhost", DIGEST, "["};
    int taken = 0;
    for (int i = 0; i < 50_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(8); length >= 0; length--) {
        text.append(pieces[random.nextInt(pieces.length)]);
      }
      try {
        RegistryReference reference = RegistryReference.parse(text.toString());
        assertThat(RegistryReference.parse(reference.toString()))
            .as("seed %d: %s", seed, text)
            .isEqualTo(reference);
        URI address =
            URI.create("https://" + reference.apiHost() + "/v2/" + reference.repository());
        assertThat(address.getHost()).as("seed %d: %s", seed, text).isNotNull();
        taken++;
      } catch (OperatorError refused) {
        // As most of them are.
      }
    }
    assertThat(taken).as("seed %d", seed).isPositive();
  }

  @Test
  void aNameLongerThanRegistriesTakeIsRefused() {
    assertThat(RegistryReference.parse("a".repeat(255)).repository()).hasSize(263);
    assertThatThrownBy(() -> RegistryReference.parse("a".repeat(256)))
        .isInstanceOf(OperatorError.class);
  }
}
