package dev.slipway.linux;

/**
 * The reboot(2) system call: at once, without stopping any service. Numbers:
 * include/uapi/linux/reboot.h. Sync and remount read-only first.
 */
public final class Reboot {
  private static final long MAGIC1 = 0xfee1deadL;
  private static final long MAGIC2 = 672274793L;
  private static final long CMD_RESTART = 0x01234567L;
  private static final long CMD_KEXEC = 0x45584543L;
  private static final long CMD_POWER_OFF = 0x4321fedcL;

  private Reboot() {}

  /** Jumps into the kernel that {@link Kexec#load} loaded. Returns only by an exception. */
  public static void kexec() {
    reboot(CMD_KEXEC, "the loaded kernel");
  }

  /** Restarts the machine through its firmware. */
  public static void restart() {
    reboot(CMD_RESTART, "this machine");
  }

  /** Switches the machine off. */
  public static void powerOff() {
    reboot(CMD_POWER_OFF, "this machine");
  }

  private static void reboot(long command, String what) {
    Kernel.call(SystemCall.REBOOT, what, MAGIC1, MAGIC2, command, 0);
  }
}
