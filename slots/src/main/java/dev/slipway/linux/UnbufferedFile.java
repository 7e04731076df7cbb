package dev.slipway.linux;

import com.sun.jna.Memory;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A disk or disk image of which single sectors are read from and written to the medium itself, past
 * what the kernel holds of it in memory. Where a file system has no such way (O_DIRECT), writes are
 * flushed and what is in memory is dropped before a read.
 */
public final class UnbufferedFile implements AutoCloseable {
  private static final int O_DSYNC = 010000;
  private static final int POSIX_FADV_DONTNEED = 4;

  /** As large as any sector or page: buffers at such addresses suit every device. */
  private static final int ALIGNMENT = 4096;

  private final Optional<OpenFile> direct;
  private final OpenFile buffered;

  private UnbufferedFile(Optional<OpenFile> direct, OpenFile buffered) {
    this.direct = direct;
    this.buffered = buffered;
  }

  /** Opens it to read; {@link #write} fails. */
  public static UnbufferedFile openToRead(Path path) {
    return open(path, OpenFile.O_RDONLY);
  }

  /** Opens it to read and write; every write is on the medium when it returns. */
  public static UnbufferedFile openToWrite(Path path) {
    return open(path, OpenFile.O_RDWR | O_DSYNC);
  }

  private static UnbufferedFile open(Path path, int flags) {
    OpenFile buffered = OpenFile.open(path, flags);
    try {
      return new UnbufferedFile(
          Optional.of(OpenFile.open(path, flags | Architecture.RUNNING.openDirect)), buffered);
    } catch (SystemCallException e) {
      if (e.is(Errno.EINVAL)) {
        return new UnbufferedFile(Optional.empty(), buffered);
      }
      buffered.close();
      throw e;
    }
  }

  /**
   * Reads whole sectors.
   *
   * @param offset in bytes, a multiple of 512
   * @param length in bytes, a multiple of 512
   * @throws OperatorError when the file ends before
   */
  public byte[] read(long offset, int length) {
    try (Memory buffer = new Memory(length + (long) ALIGNMENT)) {
      Memory aligned = buffer.align(ALIGNMENT);
      long count = transfer(SystemCall.PREAD64, aligned, offset, length);
      if (count != length) {
        throw new OperatorError(
            buffered.path() + " ends within the " + length + " bytes at byte " + offset + ".");
      }
      return aligned.getByteArray(0, length);
    }
  }

  /**
   * Overwrites whole sectors in place and waits until the medium has them.
   *
   * @param offset in bytes, a multiple of 512
   * @param bytes a multiple of 512
   */
  public void write(long offset, byte[] bytes) {
    try (Memory buffer = new Memory(bytes.length + (long) ALIGNMENT)) {
      Memory aligned = buffer.align(ALIGNMENT);
      aligned.write(0, bytes, 0, bytes.length);
      long count = transfer(SystemCall.PWRITE64, aligned, offset, bytes.length);
      if (count != bytes.length) {
        throw new OperatorError(
            "Only " + count + " of " + bytes.length + " bytes were written to " + buffered.path());
      }
      Kernel.call(SystemCall.FSYNC, buffered.path(), buffered.descriptor());
    }
  }

  private long transfer(SystemCall call, Memory memory, long offset, int length) {
    long address = Kernel.address(memory);
    if (direct.isPresent()) {
      long count = Kernel.attempt(call, direct.get().descriptor(), address, length, offset);
      // EINVAL: the medium's sectors are larger than 512 bytes, so it takes no single ones.
      if (count != -Errno.EINVAL.number()) {
        return checked(call, count);
      }
    }
    Kernel.call(
        SystemCall.FADVISE64,
        buffered.path(),
        buffered.descriptor(),
        offset,
        length,
        POSIX_FADV_DONTNEED);
    return Kernel.call(call, buffered.path(), buffered.descriptor(), address, length, offset);
  }

  private long checked(SystemCall call, long result) {
    if (result < 0) {
      throw new SystemCallException(call, buffered.path(), (int) -result);
    }
    return result;
  }

  @Override
  public void close() {
    direct.ifPresent(OpenFile::close);
    buffered.close();
  }
}
