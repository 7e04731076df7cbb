package dev.slipway.controller.goldendisk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
  @ParameterizedTest
  @CsvSource({
    "1KiB, 1024, 1 KiB",
    "300MiB, 314572800, 300 MiB",
    "1536MiB, 1610612736, 1.5 GiB",
    "3 GiB, 3221225472, 3 GiB",
    "2TiB, 2199023255552, 2 TiB"
  })
  void sizesAreReadAndWritten(String text, long bytes, String written) {
    assertThat(ByteSize.parse(text)).contains(new ByteSize(bytes));
    assertThat(new ByteSize(bytes)).hasToString(written);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "3", "3GB", "3g", "-1GiB", "1.5GiB", "12345678GiB", "GiB"})
  void whatIsNoSizeIsNotGuessed(String text) {
    assertThat(ByteSize.parse(text)).isEmpty();
  }

  @Test
  void whatIsTooLargeToCountIsNotSmall() {
    assertThat(ByteSize.parse("9999999TiB")).contains(new ByteSize(Long.MAX_VALUE));
  }

  @Test
  void lessThanOneKibIsInBytes() {
    assertThat(new ByteSize(512)).hasToString("512 bytes");
  }
}
