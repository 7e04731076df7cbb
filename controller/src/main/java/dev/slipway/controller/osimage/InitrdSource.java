package dev.slipway.controller.osimage;

/** Where a slot's initrd comes from. */
public enum InitrdSource {
  /** The image's own tool makes it, and the image is mended so that it boots. */
  MAKE,
  /**
   * The image's own /boot/slipway/vmlinuz and /boot/slipway/initrd are used as they are. All else
   * is looked for and mended as ever.
   */
  KEEP
}
