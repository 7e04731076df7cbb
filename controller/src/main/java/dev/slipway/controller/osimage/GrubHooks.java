package dev.slipway.controller.osimage;

import dev.slipway.linux.FileStatus;
import dev.slipway.linux.FileType;
import java.util.List;
import java.util.Optional;

/**
 * A kernel upgrade in a slot would run update-grub or write entries for a boot loader of its own,
 * for the one system that it sees; the disk's boot loader is shared by all slots, and boots the
 * kernel that lies in /boot/slipway.
 */
final class GrubHooks implements Check {
  private static final int ANY_EXECUTE = 0111;
  private static final String REASON =
      "because the boot loader is shared by all slots and configured by none";

  private static final String OS_PROBER = "/etc/grub.d/30_os-prober";

  /** run-parts, grub-mkconfig and kernel-install skip what cannot be executed. */
  private static final List<String> SCRIPTS =
      List.of("/etc/kernel/postinst.d/zz-update-grub", "/etc/kernel/postrm.d/zz-update-grub");

  private static final String PLUGINS = "/usr/lib/kernel/install.d/";
  private static final String OWN_PLUGINS = "/etc/kernel/install.d/";

  /** Of Red Hat's GRUB; where it is, entries of the Boot Loader Specification are its own. */
  private static final String GRUB_PLUGIN = "20-grub.install";

  private static final List<String> BOOT_LOADER_PLUGINS =
      List.of(GRUB_PLUGIN, "90-loaderentry.install", "99-grub-mkconfig.install");

  @Override
  public String name() {
    return "grub-hooks";
  }

  @Override
  public void apply(OsTree tree, ChangeLog changes) {
    SCRIPTS.forEach(script -> disable(tree, script, REASON, changes));
    if (tree.isFile("/usr/bin/os-prober")) {
      disable(
          tree, OS_PROBER, "because it would mount the other slots to look for systems", changes);
    }
    if (tree.isFile(PLUGINS + GRUB_PLUGIN)) {
      BOOT_LOADER_PLUGINS.forEach(plugin -> mask(tree, plugin, changes));
    }
    if (tree.isFile("/var/lib/dpkg/info/grub-pc.postinst")) {
      changes.noted(
          "The image has grub-pc, whose upgrade in the slot can write its boot code over that which"
              + " all slots share. Remove grub-pc from the image; the disk brings its own.");
    }
  }

  /** dpkg keeps an administrator's mode, and does not bring back what one removed. */
  private static void disable(OsTree tree, String script, String reason, ChangeLog changes) {
    Optional<FileStatus> status = tree.status(script);
    if (status.filter(found -> found.type() == FileType.SYMLINK).isPresent()) {
      // What it leads to may be run for other reasons.
      tree.delete(script);
      changes.removed(script, reason);
    } else if (status.filter(found -> (found.mode() & ANY_EXECUTE) != 0).isPresent()) {
      tree.chmod(script, status.get().mode() & ~ANY_EXECUTE);
      changes.changed(script, "not executable, " + reason);
    }
  }

  /** A link to /dev/null in /etc takes the plugin's place (kernel-install(8)). */
  private static void mask(OsTree tree, String plugin, ChangeLog changes) {
    if (tree.isFile(PLUGINS + plugin) && tree.type(OWN_PLUGINS + plugin).isEmpty()) {
      tree.link(OWN_PLUGINS + plugin, "/dev/null");
      changes.added(OWN_PLUGINS + plugin, "kernel-install leaves the plugin out, " + REASON);
    }
  }
}
