package dev.slipway.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A directory for one test, gone after it. JUnit's own cannot remove every name that a Linux tree
 * can hold, and warns about each link in it.
 */
public final class Scratch implements BeforeEachCallback, AfterEachCallback {
  private Path directory = Path.of("");

  /** The directory, empty at the start of each test. */
  public Path directory() {
    return directory;
  }

  /** A path in it. */
  public Path resolve(String name) {
    return directory.resolve(name);
  }

  /** A new directory in it. */
  public Path makeDirectory(String name) {
    try {
      return Files.createDirectory(directory.resolve(name));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    directory = Files.createTempDirectory("slipway-test-");
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Command.of("rm", "-rf", "--one-file-system", directory.toString()).run();
  }
}
