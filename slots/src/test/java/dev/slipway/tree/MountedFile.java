package dev.slipway.tree;

import dev.slipway.linux.Command;
import dev.slipway.linux.LoopDevice;
import dev.slipway.linux.Mount;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** A new file system in a file of its own, mounted until it is closed. */
final class MountedFile implements AutoCloseable {
  /** For a few trees of an operating system; nearly all of it is a hole. */
  private static final long SIZE = 2L << 30;

  private final LoopDevice device;
  private final Mount mount;

  private MountedFile(LoopDevice device, Mount mount) {
    this.device = device;
    this.mount = mount;
  }

  /** Makes one, xfs or ext4, as this machine's mkfs makes it. */
  static MountedFile make(String kind, Path directory) throws IOException {
    Path image = directory.resolve(kind + ".img");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(SIZE);
    }
    // Links of 4095 bytes do not fit into smaller blocks.
    String blocks = kind.equals("xfs") ? "size=4096" : "4096";
    Command.of("mkfs." + kind, "-q", "-b", blocks, image.toString()).run();
    LoopDevice device = LoopDevice.attach(image, 0, SIZE);
    try {
      Path target = Files.createDirectory(directory.resolve(kind));
      return new MountedFile(device, Mount.of(device.path(), target, kind, Set.of(), ""));
    } catch (IOException | RuntimeException e) {
      device.close();
      throw e;
    }
  }

  Path root() {
    return mount.target();
  }

  @Override
  public void close() {
    mount.close();
    device.close();
  }
}
