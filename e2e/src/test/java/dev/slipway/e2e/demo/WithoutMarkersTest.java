package dev.slipway.e2e.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class WithoutMarkersTest {
  private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();
  private final WithoutMarkers filter = new WithoutMarkers(terminal);

  @Test
  void markersAreLeftOutHoweverTheyArrive() throws IOException {
    arrives("\nslipway-com");
    arrives("mand-7-begin\nslot1 runs\n\nslipway-command-7-end 0\ndone\n");
    assertThat(shown()).isEqualTo("\nslot1 runs\n\ndone\n");
  }

  @Test
  void aPromptIsShownAsSoonAsItIsThere() throws IOException {
    arrives("slipway login: ");
    assertThat(shown()).isEqualTo("slipway login: ");
  }

  private void arrives(String text) throws IOException {
    filter.write(text.getBytes(StandardCharsets.UTF_8));
    filter.flush();
  }

  private String shown() {
    return terminal.toString(StandardCharsets.UTF_8);
  }
}
