package dev.slipway.controller.osimage;

import dev.slipway.linux.OperatorError;
import java.nio.charset.StandardCharsets;

/**
 * Layers of container images carry no SELinux labels, and a policy that is enforced denies an
 * unlabelled system everything, its login included.
 */
final class SecurityLabels implements Check {
  private static final String CONFIGURATION = "/etc/selinux/config";
  private static final byte[] LABEL = "security.selinux".getBytes(StandardCharsets.US_ASCII);

  @Override
  public String name() {
    return "selinux";
  }

  @Override
  public void apply(OsTree tree, ChangeLog changes) {
    boolean enforced =
        tree.read(CONFIGURATION)
            .orElse("")
            .lines()
            .map(String::strip)
            .anyMatch("SELINUX=enforcing"::equals);
    if (enforced && !tree.hasAttribute(CONFIGURATION, LABEL)) {
      throw new OperatorError(
          "The image enforces SELinux ("
              + CONFIGURATION
              + "), but its files have no labels, so nothing in it would be allowed to run. Set"
              + " SELINUX=permissive there, label it when it is built (setfiles), or switch the check"
              + " 'selinux' off.");
    }
  }
}
