package dev.slipway.controller.osimage;

import dev.slipway.linux.Command;
import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A directory for something that is made in between, gone with everything in it when this is
 * closed. Only its owner gets in: a tree in it may have set-uid programs of anybody's making.
 *
 * @param path where it is
 */
public record WorkDirectory(Path path) implements AutoCloseable {
  /**
   * Makes a new one.
   *
   * @param parent where there is room for it; made when it is not there
   * @param prefix what its name begins with
   * @throws OperatorError when there is no working there
   */
  public static WorkDirectory in(Path parent, String prefix) {
    try {
      // Its mode is 0700, which createTempDirectory sees to.
      return new WorkDirectory(Files.createTempDirectory(Files.createDirectories(parent), prefix));
    } catch (IOException e) {
      throw new OperatorError("There is no working in " + parent + ": " + e.getMessage() + ".", e);
    }
  }

  /** By rm, because names in a tree are bytes, and Java's paths cannot hold all of them. */
  @Override
  public void close() {
    Command.of("rm", "-rf", "--one-file-system", "--", path.toString()).run();
  }
}
