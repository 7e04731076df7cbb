package dev.slipway.controller.fleet.engine;

/** What a host is asked to do about the release that it should run. */
public enum Want {
  /** Nothing. */
  IDLE,
  /** Write the release into a free slot and verify it; do not switch. */
  STAGE,
  /** Switch to the slot that holds it. Being told so is the permission, given to few at a time. */
  SWITCH
}
