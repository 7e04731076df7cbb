package dev.slipway.filesystem;

import dev.slipway.filesystem.Reason.Demanded;
import dev.slipway.filesystem.Reason.ForbiddenByReaders;
import dev.slipway.filesystem.Reason.Lacking;
import dev.slipway.filesystem.Reason.MkfsTooOld;
import dev.slipway.filesystem.Reason.NeededBy;
import dev.slipway.filesystem.Reason.Unwanted;
import dev.slipway.filesystem.Reason.Wanted;
import dev.slipway.filesystem.Solution.Finding;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the features that a file system can have: those that are wanted or demanded, that every
 * reader of it knows, that its mkfs can make, and that have what they require.
 *
 * @param fileSystem the kind
 * @param mkfs the version of its mkfs
 */
public record FeatureSolver(FileSystemKind fileSystem, Version mkfs) {

  /**
   * Solves it.
   *
   * @param readers everybody who must be able to read it
   * @param demands what an operator wants on or off, by name
   * @throws dev.slipway.linux.OperatorError when something demanded on cannot be
   */
  public Solution solve(List<Reader> readers, Map<String, Demand> demands) {
    Solution solution = new Solution(fileSystem, findings(readers, demands));
    for (Finding finding : solution.findings()) {
      if (!finding.on() && isDemandedOn(finding.feature(), demands)) {
        throw finding.refusal(demands.get(finding.feature().name()));
      }
    }
    return solution;
  }

  private List<Finding> findings(List<Reader> readers, Map<String, Demand> demands) {
    List<Finding> findings = new ArrayList<>();
    Set<String> on = new HashSet<>();
    for (Feature feature : fileSystem.features()) {
      Optional<Reason> against = against(feature, readers, demands, on);
      Reason why = against.orElseGet(() -> wish(feature, demands));
      boolean has = against.isEmpty() && !(why instanceof Unwanted);
      if (has) {
        on.add(feature.name());
      }
      findings.add(new Finding(feature, has, why));
    }
    return findings;
  }

  /** What keeps it off, whoever wants it. A reader first: that is what an operator can change. */
  private Optional<Reason> against(
      Feature feature, List<Reader> readers, Map<String, Demand> demands, Set<String> on) {
    List<Reader> blind = readers.stream().filter(reader -> !feature.isKnownTo(reader)).toList();
    if (!blind.isEmpty()) {
      return Optional.of(new ForbiddenByReaders(feature, blind));
    }
    if (!feature.isKnownToMkfs(mkfs)) {
      return Optional.of(new MkfsTooOld(feature, mkfs));
    }
    if (demands.containsKey(feature.name()) && !isDemandedOn(feature, demands)) {
      return Optional.of(new Demanded());
    }
    return feature.requires().stream()
        .filter(required -> !on.contains(required))
        .findFirst()
        .map(Lacking::new);
  }

  private Reason wish(Feature feature, Map<String, Demand> demands) {
    if (demands.containsKey(feature.name())) {
      return new Demanded();
    }
    if (feature.wanted()) {
      return new Wanted();
    }
    return fileSystem.features().stream()
        .filter(other -> other.requires().contains(feature.name()))
        .filter(other -> isDemandedOn(other, demands))
        .findFirst()
        .<Reason>map(other -> new NeededBy(other.name()))
        .orElseGet(Unwanted::new);
  }

  private static boolean isDemandedOn(Feature feature, Map<String, Demand> demands) {
    return demands.containsKey(feature.name()) && demands.get(feature.name()).on();
  }
}
