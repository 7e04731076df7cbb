package dev.slipway.boot;

import java.nio.file.Path;

/**
 * Where every slot holds what boots it. GRUB and kexec load exactly these regular files, so one
 * GRUB script boots slots with any kernel version.
 */
public record SlotBootFiles(Path kernel, Path initrd) {

  public static final String KERNEL = "/boot/slipway/vmlinuz";
  public static final String INITRD = "/boot/slipway/initrd";

  /** The boot files of a slot that is mounted, or being made, at this directory. */
  public static SlotBootFiles in(Path slotRoot) {
    return new SlotBootFiles(
        slotRoot.resolve(KERNEL.substring(1)), slotRoot.resolve(INITRD.substring(1)));
  }
}
