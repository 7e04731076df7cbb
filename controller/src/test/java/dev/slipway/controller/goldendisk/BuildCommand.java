package dev.slipway.controller.goldendisk;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code controller disk build} for a process of its own. */
final class BuildCommand {
  private BuildCommand() {}

  /** The program and its arguments. */
  static List<String> words(Path disk, Path output, String... javaOptions) {
    List<String> words =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    words.addAll(List.of(javaOptions));
    words.addAll(
        List.of(
            "-Dslipway.home=" + TestBuild.CHECKOUT,
            "-Dslipway.bundle=" + TestBuild.CHECKOUT,
            "-cp",
            System.getProperty("java.class.path"),
            "dev.slipway.controller.cli.Main",
            "disk",
            "build",
            disk.toString(),
            "--progress=plain",
            "-o",
            output.toString()));
    return words;
  }
}
