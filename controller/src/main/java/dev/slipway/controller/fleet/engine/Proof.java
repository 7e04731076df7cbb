package dev.slipway.controller.fleet.engine;

/** How far the OS that a host runs has proved itself there; in rising order. */
public enum Proof {
  /** Not at all. */
  NONE,
  /** It was good after a kexec. */
  WARM,
  /** It was good after a boot by firmware. */
  COLD
}
