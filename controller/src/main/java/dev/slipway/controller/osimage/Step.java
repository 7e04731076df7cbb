package dev.slipway.controller.osimage;

/**
 * One thing that is done to a tree, or asked of it, on the way to an operating system that boots.
 */
interface Step {
  /**
   * Does it, and records what it changed. Doing it again changes nothing.
   *
   * @throws dev.slipway.linux.OperatorError when the image lacks what only its author can add
   */
  void apply(OsTree tree, ChangeLog changes);
}
