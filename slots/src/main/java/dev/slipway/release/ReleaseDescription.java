package dev.slipway.release;

import dev.slipway.linux.OperatorError;
import dev.slipway.tree.Digest;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a release says about itself, in the annotations of its OCI image manifest.
 *
 * @param name what people call it
 * @param tree digest of the text form of the tree's {@link dev.slipway.tree.Manifest}: a host that
 *     has written the release reads the slot back and compares
 * @param kernelVersion version of the kernel at {@code /boot/slipway/vmlinuz}
 */
public record ReleaseDescription(ReleaseName name, Digest tree, String kernelVersion) {
  /** Annotation that holds the release's name. */
  public static final String NAME = "dev.slipway.release.name";

  /** Annotation that holds the release's version. */
  public static final String VERSION = "dev.slipway.release.version";

  /** Annotation that holds the digest of the tree's manifest. */
  public static final String TREE = "dev.slipway.tree.manifest";

  /** Annotation that holds the kernel's version. */
  public static final String KERNEL_VERSION = "dev.slipway.kernel.version";

  /** The annotations that say this, in the order of their keys. */
  public Map<String, String> annotations() {
    Map<String, String> annotations = new TreeMap<>();
    annotations.put(NAME, name.name());
    annotations.put(VERSION, name.version());
    annotations.put(TREE, tree.toString());
    annotations.put(KERNEL_VERSION, kernelVersion);
    return annotations;
  }

  /**
   * Reads the description from a manifest's annotations.
   *
   * @return empty when the image is no release at all
   * @throws OperatorError when it claims to be one, but its description is incomplete or malformed
   */
  public static Optional<ReleaseDescription> from(Map<String, String> annotations) {
    if (!annotations.containsKey(NAME)) {
      return Optional.empty();
    }
    return Optional.of(
        new ReleaseDescription(
            new ReleaseName(annotations.get(NAME), required(annotations, VERSION)),
            Digest.parse(required(annotations, TREE)),
            required(annotations, KERNEL_VERSION)));
  }

  private static String required(Map<String, String> annotations, String key) {
    String value = annotations.get(key);
    if (value == null) {
      throw new OperatorError(
          "The release '"
              + annotations.get(NAME)
              + "' has no annotation "
              + key
              + ": it was not published by a Slipway controller, or is damaged. Publish it again.");
    }
    return value;
  }
}
