package dev.slipway.linux;

import com.sun.jna.Memory;
import java.nio.file.Path;

/**
 * Looking at the lock of a whole file, as fcntl(2) gives it and {@link
 * java.nio.channels.FileChannel#tryLock()} takes it.
 */
public final class RecordLock {
  private static final int F_GETLK = 5;
  private static final short F_WRLCK = 1;
  private static final short F_UNLCK = 2;

  // struct flock of 64-bit architectures: l_type, l_whence, l_start, l_len, l_pid.
  private static final int FLOCK_SIZE = 32;

  private RecordLock() {}

  /**
   * Whether another process holds a lock on the file. Takes none, so nobody who wants the lock at
   * this moment is turned away. A process that holds one itself must not ask: closing the file
   * would end it.
   */
  public static boolean isHeldByAnother(Path file) {
    try (OpenFile open = OpenFile.open(file, OpenFile.O_RDONLY);
        Memory lock = new Memory(FLOCK_SIZE)) {
      lock.clear();
      lock.setShort(0, F_WRLCK);
      Kernel.call(
          SystemCall.FCNTL, file.toString(), open.descriptor(), F_GETLK, Kernel.address(lock));
      return lock.getShort(0) != F_UNLCK;
    }
  }
}
