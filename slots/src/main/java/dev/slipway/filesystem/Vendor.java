package dev.slipway.filesystem;

/** Whose patches a version may carry, where that decides what it can read. */
public enum Vendor {
  DEBIAN,
  /** Red Hat Enterprise Linux and what is rebuilt from it. */
  ENTERPRISE_LINUX,
  /** Anybody else: judged as if there were no patches. */
  OTHER
}
