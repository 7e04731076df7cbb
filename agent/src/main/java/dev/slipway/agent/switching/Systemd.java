package dev.slipway.agent.switching;

import dev.slipway.linux.Command;
import dev.slipway.linux.CommandFailed;
import dev.slipway.linux.OperatorError;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** systemd, asked by systemctl(1), and its logind, asked by busctl(1). */
final class Systemd implements InitSystem {
  private static final int HIGHEST_OWN_EXIT = 128;

  private final String systemctl;
  private final String busctl;

  Systemd() {
    this("systemctl", "busctl");
  }

  /**
   * @param systemctl the program to ask systemd with
   * @param busctl the program to ask logind with; may be missing
   */
  Systemd(String systemctl, String busctl) {
    this.systemctl = systemctl;
    this.busctl = busctl;
  }

  @Override
  public void jump() {
    // With a kernel loaded this needs neither the kexec tool nor a boot loader entry.
    order(Command.of(systemctl, "kexec"));
  }

  @Override
  public void restart() {
    order(Command.of(systemctl, "reboot").environment(Map.of("SYSTEMCTL_SKIP_AUTO_KEXEC", "1")));
  }

  /**
   * The shutdown that systemctl has ordered ends every process of this unit, systemctl too: ended
   * by a signal, or in a system that goes down, it has not failed.
   */
  private void order(Command shutdown) {
    Command.Result result = shutdown.runUnchecked();
    boolean saidNo = result.exit() != 0 && result.exit() <= HIGHEST_OWN_EXIT;
    if (saidNo && !isStopping()) {
      throw new OperatorError(
          "systemd did not take the order to leave this system (exit code %d): %s"
              .formatted(result.exit(), result.err().strip()));
    }
  }

  @Override
  public boolean bootFinished() {
    // Everything else: initializing, starting, or no answer yet.
    return Set.of("running", "degraded").contains(state());
  }

  @Override
  public boolean shuttingDown() {
    return isStopping() || isShutdownDelayed();
  }

  private boolean isStopping() {
    return state().equals("stopping");
  }

  /**
   * Whether logind holds an ordered shutdown back for those who asked for a delay; systemd knows
   * nothing of it yet (org.freedesktop.login1(5), PreparingForShutdown). Where there is no logind,
   * nothing is held back.
   */
  private boolean isShutdownDelayed() {
    try {
      // A bus that is not up yet lets its callers wait; logind runs only after it.
      return Command.of(systemctl, "is-active", "--quiet", "systemd-logind.service")
                  .runUnchecked()
                  .exit()
              == 0
          && Command.of(
                  busctl,
                  "get-property",
                  "org.freedesktop.login1",
                  "/org/freedesktop/login1",
                  "org.freedesktop.login1.Manager",
                  "PreparingForShutdown")
              .runUnchecked()
              .out()
              .strip()
              .equals("b true");
    } catch (CommandFailed noBusctl) {
      return false;
    }
  }

  private String state() {
    return Command.of(systemctl, "is-system-running").runUnchecked().out().strip();
  }

  @Override
  public List<String> failedUnits() {
    return Command.of(systemctl, "list-units", "--state=failed", "--plain", "--no-legend", "--full")
        .run()
        .out()
        .lines()
        .map(line -> line.strip().split("\\s+", -1)[0])
        .filter(unit -> !unit.isEmpty())
        .sorted()
        .toList();
  }
}
