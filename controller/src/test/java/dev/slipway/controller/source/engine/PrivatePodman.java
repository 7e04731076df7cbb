package dev.slipway.controller.source.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * A Podman of this test's own, served as podman.socket serves it; all that it keeps is in one
 * directory, and it sees no network.
 */
final class PrivatePodman implements TestEngine {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path directory;
  private final Process service;

  PrivatePodman(Path directory) throws Exception {
    this.directory = directory;
    ProcessBuilder podman =
        new ProcessBuilder(
                "unshare",
                "--net",
                "podman",
                "--root=" + directory.resolve("root"),
                "--runroot=" + directory.resolve("run"),
                "--storage-driver=vfs",
                "system",
                "service",
                "--time=0",
                host())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile());
    // It leaves what is imported there.
    podman.environment().put("TMPDIR", directory.toString());
    this.service = podman.start();
    awaitAnswer();
  }

  private void awaitAnswer() throws Exception {
    Instant end = Instant.now().plus(PATIENCE);
    while (docker("version").runUnchecked().exit() != 0) {
      if (!service.isAlive() || Instant.now().isAfter(end)) {
        String log = Files.readString(directory.resolve("log"));
        close();
        throw new IllegalStateException("podman does not answer:\n" + log);
      }
      Thread.sleep(200);
    }
  }

  @Override
  public String host() {
    return "unix://" + directory.resolve("podman.sock");
  }

  @Override
  public void close() throws IOException, InterruptedException {
    service.destroy();
    service.waitFor();
  }
}
