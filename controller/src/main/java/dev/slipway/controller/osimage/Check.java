package dev.slipway.controller.osimage;

/**
 * A step that looks for one thing that keeps an image from booting or from being lived in, and
 * mends it where that can be done without its author.
 */
interface Check extends Step {
  /** What operators call it, in lower case with hyphens. */
  String name();

  /** Whether it says anything of an image that boots by such an initrd. */
  default boolean isFor(InitrdSource initrd) {
    return true;
  }
}
