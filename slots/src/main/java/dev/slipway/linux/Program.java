package dev.slipway.linux;

import java.io.File;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A program that this machine has to have.
 *
 * @param name as it is looked for on the PATH, or an absolute path
 * @param debianPackage the package that brings it on Debian
 */
public record Program(String name, String debianPackage) {
  /** Where Java looks for programs when the environment does not say. */
  private static final String WITHOUT_PATH = "/bin:/usr/bin";

  /**
   * Refuses work that would fail half way for want of a program.
   *
   * @param work what takes them, to begin a sentence with
   * @throws OperatorError with all that are missing, and the packages that bring them
   */
  public static void requireAll(String work, Collection<Program> programs) {
    List<Program> missing = programs.stream().filter(program -> !program.isThere()).toList();
    if (!missing.isEmpty()) {
      throw new OperatorError(
          work
              + " takes programs that this machine does not have on its PATH: "
              + listed(missing.stream().map(Program::name), ", ")
              + "; install them (on Debian: apt-get install "
              + listed(missing.stream().map(Program::debianPackage), " ")
              + ").");
    }
  }

  private static String listed(Stream<String> words, String between) {
    return words.distinct().collect(Collectors.joining(between));
  }

  private boolean isThere() {
    String path = System.getenv().getOrDefault("PATH", WITHOUT_PATH);
    return Stream.of(path.split(":", -1))
        // A File, for a directory on the PATH may have a name that a Path cannot hold.
        .map(directory -> name.startsWith("/") ? new File(name) : new File(directory, name))
        .anyMatch(file -> file.isFile() && file.canExecute());
  }
}
