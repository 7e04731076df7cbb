package dev.slipway.controller.registry;

import dev.slipway.linux.OperatorError;
import dev.slipway.release.ReleaseName;
import jakarta.ws.rs.WebApplicationException;

/**
 * The name in an address of the registry: one by which releases could be called.
 *
 * @param text as in {@link ReleaseName#name}
 */
public record RepositoryName(String text) {
  /**
   * Reads what stands in an address; Jakarta REST finds this method by its name.
   *
   * @throws WebApplicationException NAME_INVALID, when no release can be called so
   */
  public static RepositoryName fromString(String text) {
    try {
      ReleaseName.requireName(text);
    } catch (OperatorError e) {
      throw RegistryError.nameInvalid(e.getMessage());
    }
    return new RepositoryName(text);
  }

  @Override
  public String toString() {
    return text;
  }
}
