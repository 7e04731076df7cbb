package dev.slipway.controller.source.registry;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** A server answered that it cannot answer now. Asking again later may help. */
final class RegistryBusy extends IOException {
  private static final long serialVersionUID = 1;

  private final transient Optional<Duration> retryAfter;

  /**
   * @param status of HTTP
   * @param retryAfter how long it wants to be left alone, when it says so
   */
  RegistryBusy(String host, int status, Optional<Duration> retryAfter) {
    super(
        host
            + " answered "
            + status
            + (status == RegistryHttp.TOO_MANY_REQUESTS ? " (too many requests)" : ""));
    this.retryAfter = retryAfter;
  }

  Optional<Duration> retryAfter() {
    return retryAfter;
  }
}
