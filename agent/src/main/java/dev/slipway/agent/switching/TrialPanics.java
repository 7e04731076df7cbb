package dev.slipway.agent.switching;

import dev.slipway.agent.slots.Roots;
import dev.slipway.boot.KernelCommandLine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The kernel arguments of a trial that turn a hang into a panic ({@link
 * KernelCommandLine#IN_TRIALS}). A slot that has passed runs on in the same boot, for months maybe,
 * and must not be brought down by what any other boot of it would survive. Each argument goes by
 * the name of its sysctl (Documentation/admin-guide/sysctl/kernel.rst).
 *
 * <p>{@code oops=panic} is left as it is: some distributions build it in, so that 0 would be
 * another kernel than any other boot has.
 */
final class TrialPanics {
  private static final List<String> SYSCTLS = List.of("hung_task_panic", "softlockup_panic");

  private final Roots roots;
  private final KernelCommandLine commandLine;

  /**
   * @param commandLine the one of the running kernel
   */
  TrialPanics(Roots roots, KernelCommandLine commandLine) {
    this.roots = roots;
    this.commandLine = commandLine;
  }

  /**
   * Switches them off, but for those that the operator has set as well, on the command line or in
   * sysctl.d(5).
   *
   * @throws UncheckedIOException when one cannot be written
   */
  void withdraw() {
    for (String sysctl : SYSCTLS) {
      if (!isOperators(sysctl) && !isConfigured(sysctl)) {
        switchOff(roots.proc().resolve("sys/kernel").resolve(sysctl));
      }
    }
  }

  private boolean isOperators(String sysctl) {
    return commandLine.withoutSlipway().arguments().contains(sysctl + "=1");
  }

  private boolean isConfigured(String sysctl) {
    return Stream.concat(
            Stream.of(roots.etc().resolve("sysctl.conf")),
            Stream.of(
                    roots.etc(),
                    roots.run(),
                    roots.usr().resolve("local/lib"),
                    roots.usr().resolve("lib"))
                .flatMap(directory -> filesIn(directory.resolve("sysctl.d"))))
        .filter(Files::isRegularFile)
        .anyMatch(file -> names(file, sysctl));
  }

  private static Stream<Path> filesIn(Path directory) {
    if (!Files.isDirectory(directory)) {
      return Stream.empty();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean names(Path file, String sysctl) {
    return read(file)
        .lines()
        .map(String::strip)
        .filter(line -> !line.startsWith("#") && !line.startsWith(";"))
        .anyMatch(line -> line.replace('/', '.').contains("kernel." + sysctl));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A kernel that was built without it has no such file, and nothing to switch off. */
  private static void switchOff(Path file) {
    if (Files.exists(file)) {
      try {
        Files.writeString(file, "0\n");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
