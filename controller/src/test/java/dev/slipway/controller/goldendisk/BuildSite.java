package dev.slipway.controller.goldendisk;

import dev.slipway.linux.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A directory to build disks in, and somebody else's mount beside it. After each test nothing of
 * its builds is mounted, attached or half-written, and the mount is as it was.
 */
public final class BuildSite implements BeforeEachCallback, AfterEachCallback {
  private final Path place;
  private final Path directory;
  private final TestBuild builds;
  private ForeignMount foreign;

  /** Makes the directory, so that what a test is about can be named before it runs. */
  public BuildSite() {
    try {
      place = Files.createTempDirectory("slipway-site-");
      directory = Files.createDirectory(place.resolve("here"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    builds = new TestBuild(directory);
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    foreign = new ForeignMount(Files.createDirectory(place.resolve("elsewhere")), directory);
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    try {
      try (ForeignMount mount = foreign) {
        builds.assertNothingIsLeft();
        mount.assertUntouched();
      }
    } finally {
      Command.of("rm", "-rf", "--one-file-system", place.toString()).run();
    }
  }

  /** Where images, descriptions and disks are. */
  public Path directory() {
    return directory;
  }

  /** What is built there. */
  public TestBuild builds() {
    return builds;
  }
}
