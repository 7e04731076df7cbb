package dev.slipway.controller.identity;

import java.util.UUID;

/**
 * A host, proven by the certificate that it was given when it joined, and not revoked.
 *
 * @param number the host's row in the table {@code host}
 * @param id what its certificate says
 * @param name what people call it; no two hosts have the same
 */
public record EnrolledHost(long number, UUID id, String name) implements Caller {
  @Override
  public String getName() {
    return name;
  }
}
