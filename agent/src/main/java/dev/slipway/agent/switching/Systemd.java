package dev.slipway.agent.switching;

import dev.slipway.linux.Command;
import dev.slipway.linux.OperatorError;
import java.util.List;
import java.util.Set;

/** systemd, asked by systemctl(1). */
final class Systemd implements InitSystem {

  @Override
  public void jump() {
    // With a kernel loaded this needs neither the kexec tool nor a boot loader entry.
    Command.Result result = Command.of("systemctl", "kexec").runUnchecked();
    if (result.exit() != 0) {
      throw new OperatorError("systemctl kexec failed: " + result.err().strip());
    }
  }

  @Override
  public void restart() {
    Command.Result result =
        Command.of("systemctl", "reboot")
            .environment(java.util.Map.of("SYSTEMCTL_SKIP_AUTO_KEXEC", "1"))
            .runUnchecked();
    if (result.exit() != 0) {
      throw new OperatorError("systemctl reboot failed: " + result.err().strip());
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

  private static String state() {
    return Command.of("systemctl", "is-system-running").runUnchecked().out().strip();
  }

  @Override
  public List<String> failedUnits() {
    return Command.of(
            "systemctl", "list-units", "--state=failed", "--plain", "--no-legend", "--full")
        .run()
        .out()
        .lines()
        .map(line -> line.strip().split("\\s+", -1)[0])
        .filter(unit -> !unit.isEmpty())
        .sorted()
        .toList();
  }
}
