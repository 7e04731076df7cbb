package dev.slipway.agent.switching;

import dev.slipway.linux.Command;
import dev.slipway.linux.OperatorError;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** systemd, asked by systemctl(1). */
final class Systemd implements InitSystem {
  private static final int HIGHEST_OWN_EXIT = 128;

  private final String systemctl;

  Systemd() {
    this("systemctl");
  }

  /**
   * @param systemctl the program to ask
   */
  Systemd(String systemctl) {
    this.systemctl = systemctl;
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
    if (saidNo && !shuttingDown()) {
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
    return state().equals("stopping");
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
