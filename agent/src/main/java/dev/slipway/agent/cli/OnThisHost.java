package dev.slipway.agent.cli;

import dev.slipway.agent.slots.Roots;
import dev.slipway.agent.switching.ThisHost;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** What every command needs: the host it runs on, and a way to say what it does. */
final class OnThisHost {
  private OnThisHost() {}

  /**
   * The host.
   *
   * @throws OperatorError when this is not root, or (refused) not a host with a Slipway disk
   */
  static ThisHost find() {
    requireRoot();
    return ThisHost.find(Roots.ofThisSystem());
  }

  private static void requireRoot() {
    try {
      Object uid = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
      if (!Integer.valueOf(0).equals(uid)) {
        throw new OperatorError(
            "The agent reads and writes disks, so it must run as root; try sudo.");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Progress goes to standard error; standard output is for what was asked for. */
  static Consumer<String> progress() {
    return System.err::println;
  }
}
