package dev.slipway.controller.osimage;

import java.util.List;

/**
 * A kernel upgrade in a slot would run update-grub, which writes a configuration for the one system
 * that it sees; the disk's boot loader is shared by all slots.
 */
final class GrubHooks implements Check {
  private static final int ANY_EXECUTE = 0111;
  private static final List<String> HOOKS =
      List.of("/etc/kernel/postinst.d/zz-update-grub", "/etc/kernel/postrm.d/zz-update-grub");

  @Override
  public String name() {
    return "grub-hooks";
  }

  @Override
  public void apply(OsTree tree, ChangeLog changes) {
    for (String hook : HOOKS) {
      // run-parts skips what cannot be executed, and dpkg keeps an administrator's mode.
      tree.status(hook)
          .filter(status -> (status.mode() & ANY_EXECUTE) != 0)
          .ifPresent(
              status -> {
                tree.chmod(hook, status.mode() & ~ANY_EXECUTE);
                changes.changed(
                    hook, "not executable, because the boot loader is shared by all slots");
              });
    }
  }
}
