package dev.slipway.agent.health;

import dev.slipway.agent.switching.HostStatus.Check;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * One executable of health.d. Exit code 0 is healthy; the last line it prints, to either output, is
 * the reason that an operator reads.
 */
final class HealthScript {
  private static final int LONGEST_REASON = 200;

  private final Path executable;
  private final Path scratch;

  HealthScript(Path executable, Path scratch) {
    this.executable = executable;
    this.scratch = scratch;
  }

  Check run(Duration limit) throws InterruptedException {
    String name = executable.getFileName().toString();
    try {
      // A file and no pipe: what the check leaves running could keep a pipe open for ever.
      Path output = Files.createTempFile(scratch, "slipway-check-", ".out");
      try {
        Process process =
            new ProcessBuilder(executable.toString())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        if (!ended) {
          process.descendants().forEach(ProcessHandle::destroyForcibly);
          process.destroyForcibly().waitFor();
          String said = lastLine(output);
          return new Check(
              name,
              "timeout",
              "still running after %d s%s"
                  .formatted(limit.toSeconds(), said.isEmpty() ? "" : ": " + said));
        }
        int exit = process.exitValue();
        String said = lastLine(output);
        return exit == 0
            ? new Check(name, "passed", said)
            : new Check(name, "failed", said.isEmpty() ? "exit code " + exit : said);
      } finally {
        Files.delete(output);
      }
    } catch (IOException e) {
      return new Check(name, "failed", "could not be run: " + e.getMessage());
    }
  }

  private static String lastLine(Path output) {
    try {
      String text = new String(Files.readAllBytes(output), StandardCharsets.UTF_8).strip();
      String line = text.substring(text.lastIndexOf('\n') + 1);
      return line.length() > LONGEST_REASON ? line.substring(0, LONGEST_REASON) : line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
