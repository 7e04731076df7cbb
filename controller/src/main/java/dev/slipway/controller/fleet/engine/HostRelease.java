package dev.slipway.controller.fleet.engine;

import java.util.Comparator;

/**
 * A pair about which there can be a verdict.
 *
 * @param host which
 * @param digest of the release
 */
public record HostRelease(HostId host, String digest) implements Comparable<HostRelease> {
  private static final Comparator<HostRelease> ORDER =
      Comparator.comparing(HostRelease::host).thenComparing(HostRelease::digest);

  @Override
  public int compareTo(HostRelease other) {
    return ORDER.compare(this, other);
  }
}
