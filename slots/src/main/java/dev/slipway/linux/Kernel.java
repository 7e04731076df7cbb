package dev.slipway.linux;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.Arrays;

/**
 * The way into the kernel: libc's {@code syscall} by JNA direct mapping, with a fixed number of
 * integers.
 */
final class Kernel {
  static {
    Native.register(Kernel.class, "c");
  }

  private Kernel() {}

  // glibc's and musl's syscall() take integers in registers, the same for variadic and fixed calls
  // on both architectures.
  private static native long syscall(long number, long a, long b, long c, long d, long e, long f);

  /** Makes the call, again after EINTR, and throws with this path in the message when it fails. */
  static long call(SystemCall call, String path, long... arguments) {
    long result = attempt(call, arguments);
    if (result < 0) {
      throw new SystemCallException(call, path, (int) -result);
    }
    return result;
  }

  /**
   * Makes the call, again after EINTR; a failure comes back as the negative error number, as the
   * kernel has it.
   */
  static long attempt(SystemCall call, long... arguments) {
    long[] a = arguments.length == 6 ? arguments : Arrays.copyOf(arguments, 6);
    while (true) {
      long result = syscall(call.number(), a[0], a[1], a[2], a[3], a[4], a[5]);
      if (result != -1) {
        return result;
      }
      int errno = Native.getLastError();
      if (errno != Errno.EINTR.number()) {
        return -errno;
      }
    }
  }

  /** Closes a descriptor, once: Linux has released it even when a signal interrupted the call. */
  static void close(int descriptor) {
    syscall(SystemCall.CLOSE.number(), descriptor, 0, 0, 0, 0, 0);
  }

  /** A C string in native memory; the caller closes it. */
  static Memory string(byte[] bytes) {
    Memory memory = new Memory(bytes.length + 1L);
    memory.write(0, bytes, 0, bytes.length);
    memory.setByte(bytes.length, (byte) 0);
    return memory;
  }

  /** The address to hand to a call. Keep the memory open until the call has returned. */
  static long address(Memory memory) {
    return Pointer.nativeValue(memory);
  }
}
