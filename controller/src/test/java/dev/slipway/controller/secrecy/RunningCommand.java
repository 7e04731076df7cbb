package dev.slipway.controller.secrecy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The command in a process of its own, that says all it can, while the command lines of the
 * programs that it starts are written down.
 */
public final class RunningCommand implements AutoCloseable {
  private static final Path CHECKOUT = Path.of("").toAbsolutePath().getParent();
  private static final int MINUTES = 2;

  private final Process process;
  private final Path said;
  private final Set<String> commandLines = ConcurrentHashMap.newKeySet();
  private final Thread watch;

  /**
   * Starts it.
   *
   * @param said gets standard output and standard error
   */
  public RunningCommand(Path said, Map<String, String> environment, List<String> arguments)
      throws IOException {
    this.said = said;
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dslipway.home=" + CHECKOUT,
                "-Dslipway.bundle=" + CHECKOUT,
                "-cp",
                System.getProperty("java.class.path"),
                "dev.slipway.controller.cli.Main"));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SLIPWAY_DEBUG", "1");
    builder.environment().putAll(environment);
    this.process = builder.redirectErrorStream(true).redirectOutput(said.toFile()).start();
    this.watch = new Thread(this::watch, "command-lines");
    watch.setDaemon(true);
    watch.start();
  }

  private void watch() {
    while (process.isAlive()) {
      process.descendants().forEach(this::note);
    }
  }

  private void note(ProcessHandle program) {
    try {
      commandLines.add(
          Files.readString(Path.of("/proc/" + program.pid() + "/cmdline")).replace('\0', ' '));
    } catch (IOException over) {
      // It has ended.
    }
  }

  /** Its exit code. */
  public int await() throws InterruptedException {
    if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
      throw new IllegalStateException("it does not end: " + said());
    }
    watch.join();
    return process.exitValue();
  }

  /** Everything so far. */
  public String said() {
    try {
      return Files.readString(said);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of the programs that it started, one a line. */
  public String commandLines() {
    return String.join("\n", commandLines);
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }
}
