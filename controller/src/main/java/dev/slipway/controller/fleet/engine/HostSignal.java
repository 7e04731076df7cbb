package dev.slipway.controller.fleet.engine;

/** What can happen to a host in a rollout; evidence, an order, or the passing of time. */
public enum HostSignal {
  /** Its wave is open and nothing speaks against it. */
  ADMITTED,
  /** It runs already what it is to be brought to. */
  ALREADY_THERE,
  /** It failed with this release before. */
  BLOCKED,
  /** It could not be taken back, so it is not sent forward. */
  NO_WAY_BACK,
  /** It writes the release. */
  STAGING_BEGAN,
  /** A slot holds the release, read back. */
  STAGED,
  /** It says that it could not stage. */
  STAGING_FAILED,
  /** It did not stage in time. */
  STAGING_OVERDUE,
  /** It may switch when there is room. */
  QUEUED,
  /** There is room, and it has just asked. */
  GO,
  /** There was room, and it did not ask until the deadline. */
  TURN_MISSED,
  /** The rollout takes back what was not switched yet. */
  RECALLED,
  /** It booted on its own before it had heard the order to switch. */
  REBOOTED,
  /** Another boot, and the release runs. */
  NEW_OS,
  /** The new OS is judging itself. */
  CHECKS_BEGAN,
  /** Good, as far as the rollout's policy asks. */
  PROVED,
  /** Good after kexec, and the policy asks for a boot by firmware at once. */
  COLD_CHECK,
  /** Good after a boot by firmware, some time after the rollout counted it. */
  PROVED_COLD,
  /** Another boot, and it runs what it ran before. */
  FELL_BACK,
  /** The jump did not happen: no other boot, or the host says so after one. */
  STAYED,
  /** It runs something that was not asked for. */
  WRONG_SLOT,
  /** It is heard, and has not proved the new OS until the deadline. */
  UNPROVED,
  /** Nothing that counts was heard until the deadline. */
  SILENT,
  /** A person wants it back on what it ran before; or, asked for that unheard, it is heard. */
  TAKEN_BACK,
  /** A person looked at it and wrote down why it may be offered again. */
  CLEARED,
  /** A person took its certificate back. */
  REVOKED
}
