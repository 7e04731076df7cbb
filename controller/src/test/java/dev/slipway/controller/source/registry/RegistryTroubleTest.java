package dev.slipway.controller.source.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;

class RegistryTroubleTest {
  private final RegistryTrouble trouble =
      new RegistryTrouble(RegistryReference.parse("registry.example/os:1"));

  @Test
  void whatHasNoMessageIsNamedByItsCauseOrItsKind() {
    assertThat(trouble.sentence(new IOException(null, new IOException("reset by peer"))))
        .endsWith(" was pulled: reset by peer. Try again.");
    assertThat(trouble.sentence(new ClosedChannelException()))
        .endsWith(" was pulled: ClosedChannelException. Try again.");
  }
}
