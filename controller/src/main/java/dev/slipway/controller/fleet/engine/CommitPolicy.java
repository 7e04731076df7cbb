package dev.slipway.controller.fleet.engine;

/** When a host that booted a release well by kexec proves that firmware can boot it, too. */
public enum CommitPolicy {
  /** At the next boot that happens anyway. */
  NEXT_NATURAL,
  /** By a second boot at once; the rollout counts the host only after it. */
  IMMEDIATE,
  /** Never: the warm proof is enough. */
  TRUST
}
