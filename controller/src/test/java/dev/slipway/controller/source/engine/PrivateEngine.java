package dev.slipway.controller.source.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * A Docker Engine of this test's own: its data, sockets and containerd are in one directory, it
 * touches neither network nor firewall, and it ends with the test.
 */
public final class PrivateEngine implements TestEngine {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path directory;
  private final Process daemon;

  /** Starts it. */
  public PrivateEngine(Path directory) throws Exception {
    this.directory = directory;
    this.daemon =
        new ProcessBuilder(
                // Without a bridge it removes docker0, which may be another engine's: not from in
                // here.
                "unshare",
                "--net",
                "dockerd",
                "--data-root=" + directory.resolve("data"),
                "--exec-root=" + directory.resolve("exec"),
                "--pidfile=" + directory.resolve("pid"),
                "--host=" + host(),
                "--storage-driver=vfs",
                "--bridge=none",
                "--iptables=false",
                "--ip6tables=false",
                "--ip-forward=false")
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    awaitAnswer();
  }

  private void awaitAnswer() throws Exception {
    Instant end = Instant.now().plus(PATIENCE);
    while (docker("version").runUnchecked().exit() != 0) {
      if (!daemon.isAlive() || Instant.now().isAfter(end)) {
        String log = Files.readString(directory.resolve("log"));
        close();
        throw new IllegalStateException("dockerd does not answer:\n" + log);
      }
      Thread.sleep(200);
    }
  }

  @Override
  public String host() {
    return "unix://" + directory.resolve("socket");
  }

  @Override
  public void close() throws IOException, InterruptedException {
    daemon.destroy();
    daemon.waitFor();
  }
}
