package dev.slipway.linux;

import com.sun.jna.Memory;
import java.util.Optional;

/**
 * Reads {@code struct statx}, whose layout (include/uapi/linux/stat.h) is the same on every
 * architecture.
 */
final class Status {
  private static final int SIZE = 256;
  private static final int STATX_BASIC_STATS = 0x7ff;
  private static final int STATX_BLOCK = 512;

  private Status() {}

  /** The status of the name below the directory; empty when nothing has that name. */
  static Optional<FileStatus> of(int directory, byte[] name, int flags, String path) {
    try (Memory cName = Kernel.string(name);
        Memory statx = new Memory(SIZE)) {
      long result =
          Kernel.attempt(
              SystemCall.STATX,
              directory,
              Kernel.address(cName),
              flags,
              STATX_BASIC_STATS,
              Kernel.address(statx));
      if (result == -Errno.ENOENT.number()) {
        return Optional.empty();
      }
      if (result < 0) {
        throw new SystemCallException(SystemCall.STATX, path, (int) -result);
      }
      int mode = statx.getShort(28) & 0xffff;
      return Optional.of(
          new FileStatus(
              FileType.ofMode(mode),
              mode & 07777,
              Integer.toUnsignedLong(statx.getInt(16)),
              Integer.toUnsignedLong(statx.getInt(20)),
              Integer.toUnsignedLong(statx.getInt(24)),
              statx.getLong(32),
              statx.getLong(40),
              statx.getLong(48) * STATX_BLOCK,
              statx.getLong(112),
              statx.getInt(120),
              statx.getInt(128),
              statx.getInt(132),
              (Integer.toUnsignedLong(statx.getInt(136)) << 32)
                  | Integer.toUnsignedLong(statx.getInt(140))));
    }
  }
}
