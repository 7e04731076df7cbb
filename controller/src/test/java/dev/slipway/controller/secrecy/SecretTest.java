package dev.slipway.controller.secrecy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class SecretTest {
  private static final Secret SECRET = new Secret("a password", "se+cret: of 17 letters");

  @Test
  void itIsRecognisedWhateverItWasMadeOf() {
    assertThat(SECRET.isIn("user=se+cret: of 17 letters;")).isTrue();
    assertThat(SECRET.isIn("?p=se%2Bcret%3A+of+17+letters&x")).isTrue();
    for (String user : new String[] {"", "a", "ab", "abc", "operator:"}) {
      String pair = user + SECRET.text() + user;
      assertThat(
              SECRET.isIn(
                  Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8))))
          .as(user)
          .isTrue();
    }
    assertThat(SECRET.isIn("se+cret: of 16 letters")).isFalse();
  }
}
