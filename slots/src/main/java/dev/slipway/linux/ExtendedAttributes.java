package dev.slipway.linux;

import com.sun.jna.Memory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** xattr(7) of one open file, by descriptor. Names and values are bytes. */
final class ExtendedAttributes {
  // The kernel's limits on a list of names and on a value: XATTR_LIST_MAX, XATTR_SIZE_MAX in
  // linux/limits.h.
  private static final int LARGEST = 65536;

  private final int descriptor;
  private final boolean throughProc;
  private final String path;

  private ExtendedAttributes(int descriptor, boolean throughProc, String path) {
    this.descriptor = descriptor;
    this.throughProc = throughProc;
    this.path = path;
  }

  /** Of a file or directory that is open for reading or writing. */
  static ExtendedAttributes ofOpen(int descriptor, String path) {
    return new ExtendedAttributes(descriptor, false, path);
  }

  /**
   * Of a file that is open with O_PATH, on which the f*xattr calls fail with EBADF. The magic link
   * in /proc leads to exactly that file, even when it is a symbolic link.
   */
  static ExtendedAttributes ofPathOnly(int descriptor, String path) {
    return new ExtendedAttributes(descriptor, true, path);
  }

  List<byte[]> names() {
    try (Memory file = file()) {
      long size = attempt(SystemCall.FLISTXATTR, SystemCall.LISTXATTR, file, 0, 0, 0, 0);
      if (size == -Errno.EOPNOTSUPP.number() || size == 0) {
        return List.of();
      }
      try (Memory list = new Memory(LARGEST)) {
        size =
            attempt(
                SystemCall.FLISTXATTR,
                SystemCall.LISTXATTR,
                file,
                Kernel.address(list),
                LARGEST,
                0,
                0);
        return split(list.getByteArray(0, (int) check(SystemCall.FLISTXATTR, size)));
      }
    }
  }

  byte[] get(byte[] name) {
    try (Memory file = file();
        Memory key = Kernel.string(name);
        Memory value = new Memory(LARGEST)) {
      long size =
          attempt(
              SystemCall.FGETXATTR,
              SystemCall.GETXATTR,
              file,
              Kernel.address(key),
              Kernel.address(value),
              LARGEST,
              0);
      return value.getByteArray(0, (int) check(SystemCall.FGETXATTR, size));
    }
  }

  void set(byte[] name, byte[] value) {
    try (Memory file = file();
        Memory key = Kernel.string(name);
        Memory content = Kernel.string(value)) {
      check(
          SystemCall.FSETXATTR,
          attempt(
              SystemCall.FSETXATTR,
              SystemCall.SETXATTR,
              file,
              Kernel.address(key),
              Kernel.address(content),
              value.length,
              0));
    }
  }

  void remove(byte[] name) {
    try (Memory file = file();
        Memory key = Kernel.string(name)) {
      check(
          SystemCall.FREMOVEXATTR,
          attempt(
              SystemCall.FREMOVEXATTR, SystemCall.REMOVEXATTR, file, Kernel.address(key), 0, 0, 0));
    }
  }

  private Memory file() {
    return Kernel.string(
        ("/proc/self/fd/" + descriptor).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
  }

  private long attempt(
      SystemCall byDescriptor, SystemCall byPath, Memory file, long b, long c, long d, long e) {
    return throughProc
        ? Kernel.attempt(byPath, Kernel.address(file), b, c, d, e)
        : Kernel.attempt(byDescriptor, descriptor, b, c, d, e);
  }

  private long check(SystemCall call, long result) {
    if (result < 0) {
      throw new SystemCallException(call, path, (int) -result);
    }
    return result;
  }

  private static List<byte[]> split(byte[] list) {
    List<byte[]> names = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < list.length; i++) {
      if (list[i] == 0) {
        names.add(Arrays.copyOfRange(list, start, i));
        start = i + 1;
      }
    }
    return names;
  }
}
