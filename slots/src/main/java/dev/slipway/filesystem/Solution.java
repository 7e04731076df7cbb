package dev.slipway.filesystem;

import dev.slipway.linux.OperatorError;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The features that a file system gets, and why.
 *
 * @param findings one for each feature of the kind
 */
public record Solution(FileSystemKind fileSystem, List<Finding> findings) {
  public Solution {
    findings = List.copyOf(findings);
  }

  /** One feature. */
  public record Finding(Feature feature, boolean on, Reason why) {

    /** Such as {@code xfs: reflink off, because ...}, without a full stop. */
    public String sentence() {
      return "%s: %s %s, because %s"
          .formatted(feature.fileSystem().token(), feature.name(), on ? "on" : "off", why.text());
    }

    OperatorError refusal(Demand demand) {
      return new OperatorError(
          "%s is \"on\", but the file system cannot have it: %s. Take the feature out of the description."
              .formatted(demand.place(), why.text()));
    }
  }

  /** What to make. */
  public FeatureSet features() {
    return new FeatureSet(
        fileSystem,
        findings.stream()
            .filter(Finding::on)
            .map(finding -> finding.feature().name())
            .collect(Collectors.toUnmodifiableSet()));
  }
}
