package dev.slipway.controller.source.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RegistryChallengeTest {
  private static List<RegistryChallenge> parse(String... headers) {
    return RegistryChallenge.parse(List.of(headers));
  }

  @Test
  void aTokenChallengeSaysWhereFromAndWhatFor() {
    assertThat(
            parse(
                "Bearer realm=\"https://auth.example/token\",service=\"registry.example\","
                    + "scope=\"repository:library/debian:pull,push\""))
        .containsExactly(
            new RegistryChallenge(
                "bearer",
                Map.of(
                    "realm", "https://auth.example/token",
                    "service", "registry.example",
                    "scope", "repository:library/debian:pull,push")));
  }

  @Test
  void severalChallengesComeInOneHeaderOrInSeveral() {
    assertThat(parse("Basic realm=\"a, b\", BEARER Realm=x , Service = y", "Negotiate"))
        .containsExactly(
            new RegistryChallenge("basic", Map.of("realm", "a, b")),
            new RegistryChallenge("bearer", Map.of("realm", "x", "service", "y")),
            new RegistryChallenge("negotiate", Map.of()));
  }

  @Test
  void quotedCharactersAreThemselves() {
    assertThat(parse("Basic realm=\"a \\\"b\\\" \\\\\"").get(0).parameter("realm"))
        .contains("a \"b\" \\");
  }

  @Test
  void whatIsEmptyIsNotThere() {
    assertThat(parse("Bearer service=\"\"").get(0).parameter("service")).isEmpty();
    assertThat(parse("", " , ")).isEmpty();
  }

  @Test
  void noHeaderIsTooOddToBeRead() {
    long seed = Long.getLong("slipway.seed", System.nanoTime());
    Random random = new Random(seed);
    String alphabet = "Basic=\"\\, \tb:/é";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder header = new StringBuilder();
      for (int length = random.nextInt(30); length > 0; length--) {
        header.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      assertThat(parse(header.toString())).as("seed %d: %s", seed, header).doesNotContainNull();
    }
    assertThat(parse("Basic realm=\"" + "\\a".repeat(100_000))).hasSize(1);
    assertThat(parse("a ".repeat(100_000))).hasSize(100_000);
  }
}
