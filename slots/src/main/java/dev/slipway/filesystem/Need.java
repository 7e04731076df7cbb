package dev.slipway.filesystem;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Since when readers of one kind know a feature.
 *
 * @param upstream the release of its authors; empty: none knows it
 * @param patched older versions that a distribution has patched so that they know it
 */
record Need(Optional<Version> upstream, Map<Vendor, Version> patched) {

  static final Need NEVER = new Need(Optional.empty(), Map.of());

  Need {
    patched = Map.copyOf(patched);
  }

  static Need of(String upstream) {
    return new Need(Optional.of(new Version(upstream)), Map.of());
  }

  Need or(Vendor vendor, String version) {
    Map<Vendor, Version> more = new EnumMap<>(Vendor.class);
    more.putAll(patched);
    more.put(vendor, new Version(version));
    return new Need(upstream, more);
  }

  boolean isMetBy(Reader reader) {
    return upstream.filter(reader.version()::isAtLeast).isPresent()
        || Optional.ofNullable(patched.get(reader.vendor()))
            .filter(reader.version()::isAtLeast)
            .isPresent();
  }
}
