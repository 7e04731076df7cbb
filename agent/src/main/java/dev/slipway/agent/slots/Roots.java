package dev.slipway.agent.slots;

import java.nio.file.Path;

/**
 * Where the running system shows itself. On a host these are {@code /proc}, {@code /sys} and so on.
 *
 * @param proc the process file system
 * @param sys the device tree of the kernel
 * @param dev device nodes
 * @param run what lasts until the next boot: locks, private mounts
 * @param etc the slot's configuration
 * @param usr what the slot's operating system brings along
 * @param data where the data partition is mounted
 */
public record Roots(Path proc, Path sys, Path dev, Path run, Path etc, Path usr, Path data) {

  /** Those of the system this runs on. */
  public static Roots ofThisSystem() {
    return new Roots(
        Path.of("/proc"),
        Path.of("/sys"),
        Path.of("/dev"),
        Path.of("/run"),
        Path.of("/etc"),
        Path.of("/usr"),
        Path.of("/var/lib/slipway"));
  }

  /** The file that one flash or switch at a time holds locked. */
  public Path operationLock() {
    return run.resolve("slipway").resolve("operation.lock");
  }

  /** The file that the one daemon holds locked. */
  public Path daemonLock() {
    return run.resolve("slipway.lock");
  }

  /** The file that says, within one boot, that its trial has passed, or there is none. */
  public Path trialPassed() {
    return run.resolve("slipway").resolve("trial-passed");
  }

  /** The file that says, within one boot, that its checks have passed and that is being written. */
  public Path trialJudged() {
    return run.resolve("slipway").resolve("trial-judged");
  }

  /** Where a slot is mounted while it is written or read; no other program's business. */
  public Path privateMount(String slot) {
    return run.resolve("slipway").resolve("slot-" + slot);
  }

  /** The kernel's random id of this boot. */
  public Path bootId() {
    return proc.resolve("sys/kernel/random/boot_id");
  }
}
