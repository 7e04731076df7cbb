package dev.slipway.controller.fleet.engine;

/** What an agent says that it is doing about the generation that it echoes. */
public enum Phase {
  /** Nothing. */
  IDLE,
  /** Downloading, writing or reading back. */
  STAGING,
  /** The release is in a slot and was read back. */
  STAGED,
  /** About to jump. */
  SWITCHING,
  /** The new OS runs and is being judged. */
  CHECKING,
  /** The new OS was found good. */
  GOOD,
  /** Staging or switching did not happen. */
  FAILED,
  /** The new OS was left again. */
  ROLLEDBACK
}
