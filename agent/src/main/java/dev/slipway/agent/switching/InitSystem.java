package dev.slipway.agent.switching;

import dev.slipway.agent.slots.Roots;
import java.nio.file.Files;
import java.util.List;

/** What started this system and can bring it down in order. */
public interface InitSystem {

  /** The one that runs here: systemd where it does, or none that the agent can ask. */
  static InitSystem of(Roots roots) {
    return Files.isDirectory(roots.run().resolve("systemd/system"))
        ? new Systemd()
        : new NoInitSystem();
  }

  /**
   * Orders the end of this system and the jump into the loaded kernel. May return before the system
   * begins to go down.
   *
   * @throws dev.slipway.linux.OperatorError when the order was not taken
   */
  void jump();

  /**
   * Orders the end of this system and a boot through the firmware. May return before the system
   * begins to go down.
   *
   * @throws dev.slipway.linux.OperatorError when the order was not taken
   */
  void restart();

  /** Whether the boot has come to its end, with or without failures. */
  boolean bootFinished();

  /** Whether the system is on its way down, or will be as soon as those who delay it let it. */
  boolean shuttingDown();

  /** The units that have failed, sorted. */
  List<String> failedUnits();
}
