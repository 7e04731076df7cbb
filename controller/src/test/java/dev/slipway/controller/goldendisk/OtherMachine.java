package dev.slipway.controller.goldendisk;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.linux.Command;
import dev.slipway.linux.LoopDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A machine that differs from this one, and a build on it: this machine, seen from a mount
 * namespace in which something is otherwise.
 */
final class OtherMachine {
  private final Path directory;
  private final Path output;
  private final Path temporary;

  /** All that it writes is in a directory. */
  OtherMachine(Path directory) throws IOException {
    this.directory = directory;
    this.output = Files.createDirectory(directory.resolve("out"));
    this.temporary = Files.createDirectory(directory.resolve("tmp"));
    Command.of("chmod", "a+rx", directory.toString()).run();
  }

  /** Where disks go. */
  Path output() {
    return output;
  }

  /**
   * How a build ended.
   *
   * @param said standard error
   * @param left each file and mount that is there afterwards
   */
  record Ended(int exit, String said, List<String> left) {}

  /**
   * Builds a disk with one slot of this image there.
   *
   * @param made how a shell makes the machine what it is; {@code $OUT} is where disks go, {@code
   *     $ASIDE} an empty directory
   * @param runner what the build is run by, or nothing
   * @param file the disk's name
   */
  Ended build(String made, String runner, TinyImage image, String file)
      throws IOException, InterruptedException {
    Path disk = new TestBuild(directory).description(TestBuild.oneSlot(image, "128MiB"));
    return run(
        made,
        runner,
        BuildCommand.words(disk, output.resolve(file), "-Djava.io.tmpdir=" + temporary));
  }

  /**
   * Builds a disk straight onto a loop device there, whose file has to be named to erase it.
   *
   * @param made as with {@link #build}
   * @param disk the description
   */
  Ended flash(String made, Path disk, LoopDevice device, Path file)
      throws IOException, InterruptedException {
    return run(
        made,
        "",
        ControllerCommand.words(
            List.of("-Djava.io.tmpdir=" + temporary),
            "disk",
            "flash",
            disk.toString(),
            device.path().toString(),
            "--yes-erase",
            file.toString(),
            "--work",
            temporary.toString()));
  }

  private Ended run(String made, String runner, List<String> controller)
      throws IOException, InterruptedException {
    String script =
        made
            + " || exit 99\ncode=0\n"
            + runner
            + "\"$@\" || code=$?\n"
            + "find $OUT -mindepth 1; find $TMP -name 'slipway*'; grep $TMP/ /proc/self/mounts\n"
            + "exit $code\n";
    List<String> command =
        new ArrayList<>(List.of("unshare", "--mount", "sh", "-c", script, "machine"));
    command.addAll(controller);
    ProcessBuilder process = new ProcessBuilder(command);
    process.environment().put("OUT", output.toString());
    process.environment().put("TMP", temporary.toString());
    process
        .environment()
        .put("ASIDE", Files.createDirectory(directory.resolve("aside")).toString());
    Process build = process.start();
    String said = new String(build.getErrorStream().readAllBytes(), UTF_8);
    String left = new String(build.getInputStream().readAllBytes(), UTF_8);
    return new Ended(build.waitFor(), said, left.lines().toList());
  }
}
