package dev.slipway.agent.switching;

/**
 * The reasons for which a switch ends otherwise than in a commit, and for which the agent repairs
 * something. They are part of the agent's interface: docs/switching.md explains each.
 */
public final class Reason {
  public static final String STAGING_CUT = "staging-cut";
  public static final String UNVERIFIED = "unverified";
  public static final String INTERRUPTED = "interrupted";
  public static final String JUMP_FAILED = "jump-failed";
  public static final String CUT_BEFORE_JUMP = "cut-before-jump";
  public static final String SHUTDOWN_HANG = "shutdown-hang";
  public static final String TRIAL_NO_SHOW = "trial-no-show";
  public static final String TRIAL_PANIC = "trial-panic";
  public static final String TRIAL_NO_ROOT = "trial-no-root";
  public static final String TRIAL_DEADLINE = "trial-deadline";
  public static final String CUT_IN_WARM_TRIAL = "cut-in-warm-trial";
  public static final String CUT_IN_COMMIT_1 = "cut-in-commit1";
  public static final String CUT_IN_COMMIT_2 = "cut-in-commit2";
  public static final String GRUB_WRITE_LOST = "grub-write-lost";
  public static final String GRUB_SAVE_FAILED = "grub-save-failed";
  public static final String COLD_KERNEL_UNREADABLE = "cold-kernel-unreadable";
  public static final String COLD_TRIES_EXHAUSTED = "cold-tries-exhausted";
  public static final String LAST_RESORT = "last-resort";
  public static final String ENV_LOST = "env-lost";
  public static final String ENV_CHANGED = "env-changed";
  public static final String OPERATOR = "operator";
  public static final String TRIAL_INTERRUPTED = "trial-interrupted";

  /** Stands before the reason of a verdict on a cold trial. */
  public static final String COLD = "cold-";

  private Reason() {}
}
