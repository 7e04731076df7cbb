package dev.slipway.controller.survey;

import java.util.Map;
import java.util.Optional;

/**
 * Which packages a system has.
 *
 * @param complete whether a package that is not there is not installed; false when the system's
 *     package manager is not known, or its database may hide one
 * @param versions by name, as the programs' authors number them
 */
public record InstalledPackages(boolean complete, Map<String, String> versions) {
  /** Of a system whose package manager is not known. */
  public static final InstalledPackages UNKNOWN = new InstalledPackages(false, Map.of());

  public InstalledPackages {
    versions = Map.copyOf(versions);
  }

  /** The version of a package. */
  public Optional<String> version(String name) {
    return Optional.ofNullable(versions.get(name));
  }

  /** Whether it is certain that the system lacks a package. */
  public boolean lacks(String name) {
    return complete && !versions.containsKey(name);
  }
}
