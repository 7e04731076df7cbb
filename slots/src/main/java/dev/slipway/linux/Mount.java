package dev.slipway.linux;

import com.sun.jna.Memory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** A mount that this process made, and unmounts on close. Flags: include/uapi/linux/mount.h. */
public final class Mount implements AutoCloseable {
  private static final int MS_REMOUNT = 32;
  private static final int MS_BIND = 4096;
  private static final int MNT_DETACH = 2;
  private static final int ATTEMPTS = 50;
  private static final long PAUSE_MILLIS = 100;

  /** How a file system is mounted. */
  public enum Option {
    READ_ONLY(1),
    NO_SUID(2),
    NO_DEV(4),
    NO_EXEC(8),
    NO_ATIME(1024);

    private final int flag;

    Option(int flag) {
      this.flag = flag;
    }
  }

  private final Path target;
  private boolean mounted = true;

  private Mount(Path target) {
    this.target = target;
  }

  /**
   * Mounts a file system.
   *
   * @param source the device; any word for a file system without one, such as tmpfs
   * @param data options of the file system's own, comma separated; may be empty
   */
  public static Mount of(Path source, Path target, String type, Set<Option> options, String data) {
    mount(source.toString(), target, type, flags(options), data);
    return new Mount(target);
  }

  /** Shows a directory or file at a second place; what is mounted below it does not come along. */
  public static Mount bind(Path source, Path target, Set<Option> options) {
    mount(source.toString(), target, "", MS_BIND, "");
    Mount mount = new Mount(target);
    if (!options.isEmpty()) {
      try {
        // The kernel takes flags for a bind mount only in a second step.
        mount(source.toString(), target, "", MS_BIND | MS_REMOUNT | flags(options), "");
      } catch (SystemCallException e) {
        mount.close();
        throw e;
      }
    }
    return mount;
  }

  /** Makes an existing mount read-only, as a shutdown does with the root. */
  public static void remountReadOnly(Path target) {
    mount("", target, "", MS_REMOUNT | Option.READ_ONLY.flag, "");
  }

  /** Everything that is mounted in this process's mount namespace, in the order of mounting. */
  public static List<MountPoint> current() {
    try {
      return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
          .map(MountPoint::parse)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it is mounted. */
  public Path target() {
    return target;
  }

  /**
   * Unmounts it. It waits a few seconds for others to let go; then it detaches the mount and says
   * so.
   */
  @Override
  public void close() {
    if (!mounted) {
      return;
    }
    mounted = false;
    unmount(target);
  }

  /** Unmounts what is mounted at this place, like {@link #close}. */
  public static void unmount(Path target) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      long result = umount(target, 0);
      if (result == 0) {
        return;
      }
      if (result != -Errno.EBUSY.number()) {
        throw new SystemCallException(SystemCall.UMOUNT2, target.toString(), (int) -result);
      }
      if (!pause()) {
        break;
      }
    }
    umount(target, MNT_DETACH);
    throw new OperatorError(
        target
            + " was still in use when it was to be unmounted. It has been detached and goes when its last user ends;"
            + " see who that is with fuser -m.");
  }

  private static boolean pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static long umount(Path target, int flags) {
    try (Memory path = cString(target.toString())) {
      return Kernel.attempt(SystemCall.UMOUNT2, Kernel.address(path), flags);
    }
  }

  private static void mount(String source, Path target, String type, int flags, String data) {
    try (Memory cSource = cString(source);
        Memory cTarget = cString(target.toString());
        Memory cType = cString(type);
        Memory cData = cString(data)) {
      Kernel.call(
          SystemCall.MOUNT,
          source.isEmpty() ? target.toString() : source + " on " + target,
          Kernel.address(cSource),
          Kernel.address(cTarget),
          Kernel.address(cType),
          flags,
          Kernel.address(cData));
    }
  }

  private static Memory cString(String text) {
    return Kernel.string(text.getBytes(StandardCharsets.UTF_8));
  }

  private static int flags(Set<Option> options) {
    return options.stream().mapToInt(option -> option.flag).reduce(0, (a, b) -> a | b);
  }
}
