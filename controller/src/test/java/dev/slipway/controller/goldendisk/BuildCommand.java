package dev.slipway.controller.goldendisk;

import java.nio.file.Path;
import java.util.List;

/** {@code controller disk build} for a process of its own. */
final class BuildCommand {
  private BuildCommand() {}

  /** The program and its arguments. */
  static List<String> words(Path disk, Path output, String... javaOptions) {
    return ControllerCommand.words(
        List.of(javaOptions),
        "disk",
        "build",
        disk.toString(),
        "--progress=plain",
        "-o",
        output.toString());
  }
}
