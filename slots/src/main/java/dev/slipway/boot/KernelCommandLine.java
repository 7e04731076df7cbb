package dev.slipway.boot;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A kernel command line, as its arguments. Double quotes keep spaces within one argument, as in the
 * kernel's own parser (lib/cmdline.c, next_arg).
 */
@SuppressWarnings("DoNotCallSuggester")
public record KernelCommandLine(List<String> arguments) {

  /**
   * Characters that kexec_file_load takes on x86 beside the room it keeps for {@code elfcorehdr=}.
   */
  public static final int MAXIMUM_LENGTH = 2016;

  /** In every boot: without it a watchdog is stopped by kexec, and a hang has no way back. */
  public static final List<String> ALWAYS = List.of("watchdog.stop_on_reboot=0");

  /** In trial boots: whatever goes wrong ends in a reboot into the committed slot. */
  public static final List<String> IN_TRIALS =
      List.of(
          "panic=10",
          "oops=panic",
          "softlockup_panic=1",
          "hung_task_panic=1",
          "rd.shell=0",
          "rd.emergency=reboot",
          "rd.timeout=90");

  public static KernelCommandLine parse(String text) {
    throw new UnsupportedOperationException();
  }

  /** Reads the running kernel's command line, usually from {@code /proc/cmdline}. */
  public static KernelCommandLine read(Path procCmdline) {
    throw new UnsupportedOperationException();
  }

  /** The value of the last {@code name=value}, without quotes. */
  public Optional<String> value(String name) {
    throw new UnsupportedOperationException();
  }

  /** What it says about the boot; empty when no Slipway boot loader or agent wrote it. */
  public Optional<BootArguments> slipway() {
    throw new UnsupportedOperationException();
  }

  /** Without everything that Slipway or a boot loader adds: what is left is the operator's. */
  public KernelCommandLine withoutSlipway() {
    throw new UnsupportedOperationException();
  }

  /**
   * The command line for booting a slot with the operator's arguments of this one. Trial arguments
   * are added for trial modes.
   */
  public KernelCommandLine forBoot(BootArguments boot) {
    throw new UnsupportedOperationException();
  }

  /** As given to the kernel. */
  public String text() {
    return String.join(" ", arguments);
  }
}
