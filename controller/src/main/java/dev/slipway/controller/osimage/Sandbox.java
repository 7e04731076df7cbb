package dev.slipway.controller.osimage;

import dev.slipway.linux.Command;
import dev.slipway.linux.Program;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Runs a program of a tree in that tree, cut off from the machine: namespaces of its own, no
 * network, no devices but the likes of /dev/null, the tree read-only. All its mounts go with its
 * last process, and that goes when this one is killed.
 */
final class Sandbox {
  /** Where the program sees the directory that it may write to. */
  static final String OUTPUT = "/run/slipway";

  /** Those of the machine that it takes. */
  static final List<Program> PROGRAMS =
      List.of(
          new Program("setpriv", "util-linux"),
          new Program("unshare", "util-linux"),
          new Program("mount", "mount"),
          new Program("umount", "mount"),
          new Program("mknod", "coreutils"),
          new Program("chroot", "coreutils"));

  private static final String[] CUT_OFF = {
    "setpriv",
    "--pdeathsig",
    "KILL",
    "unshare",
    "--mount",
    "--pid",
    "--fork",
    "--kill-child=KILL",
    "--net",
    "--ipc",
    "--uts",
    "--propagation",
    "private",
    "--"
  };

  private final Path root;

  /** The tree at this directory; its dev, proc, run and tmp are directories. */
  Sandbox(Path root) {
    this.root = root.toAbsolutePath();
  }

  /**
   * Runs the command.
   *
   * @param output a directory in the tree, all of whose path is without links
   * @param command the program with its arguments; in front of it {@code NAME=VALUE} for each
   *     variable that it gets beside PATH, HOME and LC_ALL
   * @throws dev.slipway.linux.CommandFailed when its exit code is not 0
   */
  Command.Result run(Path output, List<String> command) {
    return inside(output, command).run();
  }

  /** Runs the command as {@link #run} does, whatever its exit code is. */
  Command.Result runUnchecked(Path output, List<String> command) {
    return inside(output, command).runUnchecked();
  }

  private Command inside(Path output, List<String> command) {
    List<String> argv = new ArrayList<>(Arrays.asList(CUT_OFF));
    argv.addAll(
        List.of(
            "sh",
            "-c",
            script(),
            "sandbox.sh",
            root.toString(),
            output.toAbsolutePath().toString()));
    argv.addAll(command);
    return Command.of(argv);
  }

  private static String script() {
    try (InputStream script = Sandbox.class.getResourceAsStream("sandbox.sh")) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
