package dev.slipway.filesystem;

import java.util.Set;

/**
 * Which features a file system has; it has no others.
 *
 * @param on names of features of that kind
 */
public record FeatureSet(FileSystemKind fileSystem, Set<String> on) {

  /**
   * @throws IllegalArgumentException for a name that is no feature of the kind
   */
  public FeatureSet {
    on = Set.copyOf(on);
    for (String name : on) {
      if (fileSystem.features().stream().noneMatch(feature -> feature.name().equals(name))) {
        throw new IllegalArgumentException(fileSystem.token() + " has no feature " + name);
      }
    }
  }

  /**
   * What Enterprise Linux 8, Debian 11, Ubuntu 20.04 and everything newer can read: for whoever
   * does not know the readers. It is what {@link FeatureSolver} finds for those systems, written
   * down so that the agent needs no solver.
   */
  public static FeatureSet safeFloor(FileSystemKind fileSystem) {
    return new FeatureSet(
        fileSystem,
        switch (fileSystem) {
          case XFS -> Set.of("finobt", "reflink", "sparse");
          case EXT4 -> Set.of("64bit", "metadata_csum");
        });
  }

  boolean has(Feature feature) {
    return on.contains(feature.name());
  }

  /** What the superblock of a file system says that has just these. */
  public Superblock.Features superblock() {
    Superblock.Features words = fileSystem.baseFeatures();
    for (Feature feature : fileSystem.features()) {
      if (has(feature)) {
        words = words.and(feature.word().with(feature.bit()));
      }
    }
    return words;
  }
}
