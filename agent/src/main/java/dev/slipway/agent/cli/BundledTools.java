package dev.slipway.agent.cli;

import dev.slipway.filesystem.MkfsTools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The programs that come along with the agent, so that it runs on any distribution. */
final class BundledTools {
  private BundledTools() {}

  /** From the bundle that started this agent (its launcher says where), or the system's own. */
  static MkfsTools mkfs() {
    return Optional.ofNullable(System.getProperty("slipway.agent"))
        .map(home -> Path.of(home, "sbin"))
        .filter(Files::isDirectory)
        .map(MkfsTools::in)
        .orElseGet(MkfsTools::ofThisSystem);
  }
}
