package dev.slipway.controller.goldendisk;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code controller} with any command, for a process of its own. */
final class ControllerCommand {
  private ControllerCommand() {}

  /** The program and its arguments. */
  static List<String> words(List<String> javaOptions, String... arguments) {
    List<String> words =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    words.addAll(javaOptions);
    words.addAll(
        List.of(
            "-Dslipway.home=" + TestBuild.CHECKOUT,
            "-Dslipway.bundle=" + TestBuild.CHECKOUT,
            "-cp",
            System.getProperty("java.class.path"),
            "dev.slipway.controller.cli.Main"));
    words.addAll(List.of(arguments));
    return words;
  }
}
