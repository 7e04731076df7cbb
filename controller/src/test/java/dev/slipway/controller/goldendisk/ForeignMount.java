package dev.slipway.controller.goldendisk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.linux.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Somebody else's file system, in a file, mounted over a loop device: no build may touch it. */
final class ForeignMount implements AutoCloseable {
  private static final String TEXT = "somebody else's";

  private final Path image;
  private final Path target;
  private final Path beside;
  private final String device;

  /**
   * Makes and mounts it.
   *
   * @param directory of the file system
   * @param outputs where disks are made; a foreign file is there, too
   */
  ForeignMount(Path directory, Path outputs) throws IOException {
    image = directory.resolve("foreign.img");
    target = Files.createDirectory(directory.resolve("foreign"));
    beside = Files.writeString(outputs.resolve("golden.img.foreign"), TEXT);
    Command.of("truncate", "-s", "16M", image.toString()).run();
    Command.of("mkfs.ext4", "-q", image.toString()).run();
    Command.of("mount", "-o", "loop", image.toString(), target.toString()).run();
    Files.writeString(target.resolve("file"), TEXT);
    device = source();
  }

  private String source() {
    return Command.of("findmnt", "-n", "-o", "SOURCE", "--mountpoint", target.toString())
        .run()
        .out()
        .strip();
  }

  void assertUntouched() {
    assertThat(source()).isEqualTo(device).startsWith("/dev/loop");
    assertThat(Command.of("losetup", "-n", "-O", "BACK-FILE", device).run().out().strip())
        .isEqualTo(image.toString());
    assertThat(target.resolve("file")).hasContent(TEXT);
    assertThat(beside).hasContent(TEXT);
  }

  @Override
  public void close() {
    Command.of("umount", target.toString()).run();
  }
}
