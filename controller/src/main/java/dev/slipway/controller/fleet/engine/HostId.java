package dev.slipway.controller.fleet.engine;

/** The name under which a host was enrolled; it is in the host's certificate and never changes. */
public record HostId(String value) implements Comparable<HostId> {
  /** Refuses an empty id. */
  public HostId {
    if (value.isBlank()) {
      throw new IllegalArgumentException("a host id is never empty");
    }
  }

  @Override
  public int compareTo(HostId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
