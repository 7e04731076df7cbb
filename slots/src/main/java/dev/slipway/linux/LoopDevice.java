package dev.slipway.linux;

import com.sun.jna.Memory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A piece of a file as a block device. Each partition of a disk image gets its own, by offset and
 * size: partition nodes do not exist in many containers. The kernel detaches it by itself when this
 * process dies (LO_FLAGS_AUTOCLEAR), after its last mount has gone.
 *
 * <p>Numbers and layouts: include/uapi/linux/loop.h.
 */
public final class LoopDevice implements AutoCloseable {
  private static final Path CONTROL = Path.of("/dev/loop-control");
  private static final int MAJOR = 7;
  private static final long LOOP_CTL_GET_FREE = 0x4C82;
  private static final long LOOP_CLR_FD = 0x4C01;
  private static final long LOOP_CONFIGURE = 0x4C0A;
  private static final int LOOP_CONFIG_SIZE = 304;
  private static final int LO_FLAGS_READ_ONLY = 1;
  private static final int LO_FLAGS_AUTOCLEAR = 4;
  private static final int NAME_OFFSET = 64;
  private static final int NAME_SIZE = 63;
  private static final int SECTOR = 512;
  private static final int ATTEMPTS = 50;
  private static final long PAUSE_MILLIS = 20;

  private final OpenFile device;
  private final Path path;
  private boolean attached = true;

  private LoopDevice(OpenFile device, Path path) {
    this.device = device;
    this.path = path;
  }

  /**
   * Attaches {@code size} bytes of the file from {@code offset} on, both multiples of 512, for
   * reading and writing.
   */
  public static LoopDevice attach(Path file, long offset, long size) {
    return attach(file, offset, size, false);
  }

  /** Attaches {@code size} bytes of the file from {@code offset} on, both multiples of 512. */
  public static LoopDevice attach(Path file, long offset, long size, boolean readOnly) {
    if (offset % SECTOR != 0 || size % SECTOR != 0 || size <= 0) {
      throw new IllegalArgumentException(
          "a loop device covers whole sectors, not " + size + " bytes at " + offset);
    }
    if (!Files.exists(CONTROL)) {
      throw new OperatorError(
          "There is no /dev/loop-control, so no loop devices can be made: load the kernel module loop, or start the"
              + " container with --privileged.");
    }
    try (OpenFile backing = OpenFile.open(file, readOnly ? OpenFile.O_RDONLY : OpenFile.O_RDWR);
        OpenFile control = OpenFile.open(CONTROL, OpenFile.O_RDWR);
        Memory config = configuration(backing, file, offset, size, readOnly)) {
      return attachToFree(control, config, file);
    }
  }

  // Between asking for a free device and taking it, another process may take it: then ask again.
  private static LoopDevice attachToFree(OpenFile control, Memory config, Path file) {
    SystemCallException last = null;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int number = (int) control.ioctl(LOOP_CTL_GET_FREE, 0);
      Path path = Path.of("/dev/loop" + number);
      try {
        makeNodeIfMissing(path, number);
        OpenFile device = OpenFile.open(path, OpenFile.O_RDWR);
        try {
          device.ioctl(LOOP_CONFIGURE, Kernel.address(config));
          return new LoopDevice(device, path);
        } catch (SystemCallException e) {
          device.close();
          throw e;
        }
      } catch (SystemCallException e) {
        if (!e.is(Errno.EBUSY) && !e.is(Errno.EAGAIN) && !e.is(Errno.ENXIO)) {
          throw e;
        }
        last = e;
        pause();
      }
    }
    throw new OperatorError(
        "No free loop device could be had for " + file + ": others keep taking them.", last);
  }

  private static Memory configuration(
      OpenFile backing, Path file, long offset, long size, boolean readOnly) {
    Memory config = new Memory(LOOP_CONFIG_SIZE);
    config.clear();
    config.setInt(0, backing.descriptor());
    config.setLong(8 + 24, offset);
    config.setLong(8 + 32, size);
    config.setInt(8 + 52, LO_FLAGS_AUTOCLEAR | (readOnly ? LO_FLAGS_READ_ONLY : 0));
    byte[] name = file.toString().getBytes(StandardCharsets.UTF_8);
    config.write(NAME_OFFSET, name, 0, Math.min(name.length, NAME_SIZE));
    return config;
  }

  // In a container /dev is often a tmpfs that no one fills with nodes for new loop devices.
  private static void makeNodeIfMissing(Path path, int number) {
    if (Files.exists(path)) {
      return;
    }
    try (OpenDirectory dev = OpenDirectory.open(Path.of("/dev"))) {
      dev.makeNode(
          ("loop" + number).getBytes(StandardCharsets.US_ASCII),
          FileType.BLOCK_DEVICE,
          MAJOR,
          number);
    } catch (SystemCallException e) {
      if (!e.is(Errno.EEXIST)) {
        throw e;
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OperatorError("Cancelled while waiting for a loop device.", e);
    }
  }

  /** The device node, for example {@code /dev/loop3}. */
  public Path path() {
    return path;
  }

  /** Detaches exactly this device. Unmount what is on it first. */
  @Override
  public void close() {
    if (!attached) {
      return;
    }
    attached = false;
    try (device) {
      device.ioctl(LOOP_CLR_FD, 0);
    } catch (SystemCallException e) {
      if (!e.is(Errno.ENXIO)) {
        throw e;
      }
    }
  }
}
