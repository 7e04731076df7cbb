package dev.slipway.controller.fleet.engine;

/**
 * Where a host stands in a rollout.
 *
 * <p>The names are those of the full table of host states, of which this is the part that the sync
 * protocol can tell apart today: STAGING stands for downloading, writing and verifying; quiescing
 * and arming are inside SWITCHING. So are mostly the checks and the soak, because an agent judges a
 * trial before it reports: TRIAL_BOOTED and CHECKING last only if it is heard before its verdict.
 */
public enum HostState {
  /** In the plan, not touched. */
  IDLE("not touched yet"),
  /** Asked to stage the release; has not begun. */
  OFFERED("asked to stage"),
  /** Downloads, writes or reads back. */
  STAGING("staging"),
  /** A slot holds the release, read back. */
  STAGED("staged"),
  /** Staged, and waits for its turn to switch. */
  WAIT_LEASE("waits for its turn"),
  /** Told to switch: the point of no return. */
  SWITCHING("switching"),
  /** The new OS has been heard. */
  TRIAL_BOOTED("new OS up"),
  /** The new OS is being judged. */
  CHECKING("checking"),
  /** The new OS proved itself. */
  COMMITTED("good"),
  /** The release could not be written. */
  STAGE_FAILED("staging failed"),
  /** The host did not jump, or was silent when its turn came, so the release was not tried. */
  REFUSED("did not switch"),
  /** The host went back to what it ran before. */
  ROLLED_BACK("fell back"),
  /**
   * Silent at its deadline, or still shutting down for the switch. Still counted as switching until
   * it is heard or written off.
   */
  LOST("lost"),
  /** Failed with this release before, so it is not offered it again. */
  QUARANTINED("quarantined"),
  /** Runs something that nobody asked for. Never corrected by itself. */
  DRIFTED("drifted"),
  /** Taken out of the fleet by a person. Nothing more is expected of it. */
  REVOKED("revoked");

  private final String text;

  HostState(String text) {
    this.text = text;
  }

  /** For people, in a few words. */
  public String text() {
    return text;
  }

  /** Whether the host may be away: it counts against how many may switch at a time. */
  public boolean isSwitching() {
    return this == SWITCHING || this == TRIAL_BOOTED || this == CHECKING;
  }

  /** Whether the host has been asked to stage, and not been told to switch. */
  public boolean isBeforeSwitch() {
    return this == OFFERED || this == STAGING || this == STAGED || this == WAIT_LEASE;
  }

  /** Whether the rollout has nothing more to expect of the host. */
  public boolean isSettled() {
    return switch (this) {
      case COMMITTED, STAGE_FAILED, REFUSED, ROLLED_BACK, LOST, QUARANTINED, DRIFTED, REVOKED ->
          true;
      default -> false;
    };
  }

  /** Whether something is wrong that a person should see first. */
  public boolean isFinding() {
    return isSettled() && this != COMMITTED && this != REVOKED;
  }
}
