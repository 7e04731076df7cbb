package dev.slipway.controller.osimage;

import dev.slipway.linux.OperatorError;

/**
 * Files of a slot have no SELinux labels: those that an image carries belong to the policy of the
 * machine it was made on, and are left out when it is unpacked. A policy that is enforced denies an
 * unlabelled system everything, its login included.
 */
final class SecurityLabels implements Check {
  private static final String CONFIGURATION = "/etc/selinux/config";

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
    if (enforced) {
      throw new OperatorError(
          "The image enforces SELinux ("
              + CONFIGURATION
              + "), but files in a slot have no labels, so nothing in it would be allowed to run. Set"
              + " SELINUX=permissive or SELINUX=disabled there, or, if something else turns it off"
              + " (such as the kernel argument selinux=0), switch the check 'selinux' off.");
    }
  }
}
