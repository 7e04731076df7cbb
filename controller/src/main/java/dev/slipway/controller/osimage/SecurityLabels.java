package dev.slipway.controller.osimage;

import dev.slipway.linux.OperatorError;
import java.util.List;

/**
 * Files of a slot have no SELinux labels: those that an image carries belong to the policy of the
 * machine it was made on, and are left out when it is unpacked. A policy that is enforced denies an
 * unlabelled system everything, its login included. The kernel arguments selinux=0 and enforcing=0
 * overrule the image's configuration (Linux Documentation/admin-guide/kernel-parameters.txt).
 */
final class SecurityLabels implements Check {
  private static final String CONFIGURATION = "/etc/selinux/config";
  private static final List<String> SWITCHES = List.of("selinux=", "enforcing=");

  private final List<String> kernelArguments;

  SecurityLabels(List<String> kernelArguments) {
    this.kernelArguments = kernelArguments;
  }

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
    if (enforced && SWITCHES.stream().noneMatch(this::isOff)) {
      throw new OperatorError(
          "The image enforces SELinux ("
              + CONFIGURATION
              + "), but files in a slot have no labels, so nothing in it would be allowed to run. Set"
              + " SELINUX=permissive or SELINUX=disabled there, or selinux=0 in the"
              + " 'kernel-arguments' of disk.yml; where no disk.yml is read and every disk has it,"
              + " switch the check 'selinux' off.");
    }
  }

  /** Of an argument that is given twice, kernel and libselinux may take different ones. */
  private boolean isOff(String argument) {
    List<String> given =
        kernelArguments.stream().filter(word -> word.startsWith(argument)).toList();
    return !given.isEmpty() && given.stream().allMatch((argument + "0")::equals);
  }
}
