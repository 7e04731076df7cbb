package dev.slipway.controller.osimage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.linux.OperatorError;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceDateEpochTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

  @Test
  void itIsAWholeNumberOfSeconds() {
    assertThat(in("1700000000")).contains(new SourceDateEpoch(1_700_000_000));
    assertThat(in("1700000000").orElseThrow().instant())
        .isEqualTo(Instant.parse("2023-11-14T22:13:20Z"));
    assertThat(in("0")).contains(new SourceDateEpoch(0));
    assertThat(in("1800000000")).contains(new SourceDateEpoch(1_800_000_000));
  }

  @Test
  void withoutTheVariableThereIsNone() {
    assertThat(SourceDateEpoch.in(Map.of("TZ", "UTC"), NOW)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "now", "-1", "+1", "1.5", "1e9", "0x1", "1 ", "9999999999999999999"})
  void anythingElseIsRefused(String value) {
    assertThatThrownBy(() -> in(value))
        .isInstanceOf(OperatorError.class)
        .hasMessageStartingWith("SOURCE_DATE_EPOCH is \"" + value + "\", but has to be a whole")
        .hasMessageContaining("unset it");
  }

  @Test
  void aTimeToComeIsRefused() {
    assertThatThrownBy(() -> in("1800000001"))
        .isInstanceOf(OperatorError.class)
        .hasMessageStartingWith("SOURCE_DATE_EPOCH is 1800000001, which lies after now, 1800000000")
        .hasMessageContaining("clock");
  }

  private static Optional<SourceDateEpoch> in(String value) {
    return SourceDateEpoch.in(Map.of("SOURCE_DATE_EPOCH", value), NOW);
  }
}
