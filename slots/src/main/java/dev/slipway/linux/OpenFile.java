package dev.slipway.linux;

import com.sun.jna.Memory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A file held open by its descriptor, so that nothing done to it can be led elsewhere by a changed
 * path.
 */
public final class OpenFile implements AutoCloseable {
  static final int O_RDONLY = 0;
  static final int O_RDWR = 02;
  private static final int O_CREAT = 0100;
  // include/uapi/asm-generic/fcntl.h: __O_TMPFILE with the O_DIRECTORY of the architecture.
  private static final int O_TMPFILE = 020000000 | Architecture.RUNNING.openDirectory;
  private static final int NEW_FILE_MODE = 0666;
  private static final int AT_FDCWD = -100;
  private static final int O_CLOEXEC = 02000000;
  private static final int SEEK_SET = 0;
  private static final int SEEK_DATA = 3;
  // include/uapi/linux/fadvise.h
  private static final int POSIX_FADV_DONTNEED = 4;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int AT_SYMLINK_FOLLOW = 0x400;
  // include/uapi/asm-generic/fcntl.h; struct flock: l_type, l_whence, l_start, l_len, l_pid.
  private static final int F_OFD_GETLK = 36;
  private static final int F_OFD_SETLK = 37;
  private static final int LOCK_EX = 2;
  private static final int LOCK_NB = 4;
  private static final short F_WRLCK = 1;
  private static final short F_UNLCK = 2;
  private static final int FLOCK_SIZE = 32;
  private static final long UTIME_OMIT = (1L << 30) - 2;

  private final int descriptor;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final String path;
  private final ExtendedAttributes attributes;

  OpenFile(int descriptor, String path, boolean pathOnly) {
    this.descriptor = descriptor;
    this.path = path;
    this.attributes =
        pathOnly
            ? ExtendedAttributes.ofPathOnly(descriptor, path)
            : ExtendedAttributes.ofOpen(descriptor, path);
  }

  /** Opens a file to read and write; makes it, empty, when it is not there. */
  public static OpenFile openOrCreate(Path path) {
    return open(path, O_RDWR | O_CREAT);
  }

  /** Opens a file to read. */
  public static OpenFile openToRead(Path path) {
    return open(path, O_RDONLY);
  }

  /**
   * Makes a new file that has no name (open(2), O_TMPFILE): it is gone as soon as nobody has it
   * open, however its process ended, unless it was given one by {@link #link}.
   *
   * @param directory of the file system that it shall be in
   * @return empty when that file system has no such files, as NFS has not
   */
  public static Optional<OpenFile> unnamed(Path directory) {
    try {
      return Optional.of(open(directory, O_RDWR | O_TMPFILE));
    } catch (SystemCallException e) {
      // EISDIR and EINVAL are what those say that have never heard of it.
      if (e.is(Errno.EOPNOTSUPP) || e.is(Errno.EISDIR) || e.is(Errno.EINVAL)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Opens a path of this host; flags as the kernel has them, O_CLOEXEC is added. */
  static OpenFile open(Path path, int flags) {
    try (Memory name = Kernel.string(path.toString().getBytes(StandardCharsets.UTF_8))) {
      long descriptor =
          Kernel.call(
              SystemCall.OPENAT,
              path.toString(),
              AT_FDCWD,
              Kernel.address(name),
              flags | O_CLOEXEC,
              NEW_FILE_MODE);
      return new OpenFile((int) descriptor, path.toString(), false);
    }
  }

  /** An ioctl(2) on it; the argument is a number or an address. */
  long ioctl(long request, long argument) {
    return Kernel.call(SystemCall.IOCTL, path, descriptor, request, argument);
  }

  /**
   * Writes the buffer's bytes from {@code from} to {@code to} at the file's position, all of them.
   */
  public void write(TransferBuffer buffer, int from, int to) {
    int at = from;
    while (at < to) {
      at += (int) Kernel.call(SystemCall.WRITE, path, descriptor, buffer.address(at), to - at);
    }
  }

  /** Reads into the buffer's start; returns how many bytes, 0 at the end of the file. */
  public int read(TransferBuffer buffer) {
    return (int) Kernel.call(SystemCall.READ, path, descriptor, buffer.address(0), buffer.size());
  }

  /** Moves the position, beyond the end if need be: what is jumped over becomes a hole. */
  public void seek(long position) {
    Kernel.call(SystemCall.LSEEK, path, descriptor, position, SEEK_SET);
  }

  /**
   * Moves on from {@code position} to where data begins, past a hole if there is one (lseek(2),
   * SEEK_DATA).
   *
   * @return where that is; empty when there is only a hole up to the end
   */
  public OptionalLong seekData(long position) {
    long result = Kernel.attempt(SystemCall.LSEEK, descriptor, position, SEEK_DATA);
    if (result == -Errno.ENXIO.number()) {
      return OptionalLong.empty();
    }
    if (result == -Errno.EINVAL.number()) {
      // A file system that does not know its holes.
      seek(position);
      return OptionalLong.of(position);
    }
    if (result < 0) {
      throw new SystemCallException(SystemCall.LSEEK, path, (int) -result);
    }
    return OptionalLong.of(result);
  }

  /** Sets the length in bytes. */
  public void truncate(long size) {
    Kernel.call(SystemCall.FTRUNCATE, path, descriptor, size);
  }

  /**
   * Locks all of the file against everybody else who locks it so, in this process or another; until
   * this is closed, also by the death of the process. The lock belongs to this opening of the file
   * (an open file description lock, fcntl(2)): Java's own locks are lost as soon as anything in the
   * process closes the same file.
   *
   * @return whether it is locked now; false when somebody else has it
   */
  public boolean tryLock() {
    long result = setLock(F_WRLCK);
    if (result == -Errno.EAGAIN.number() || result == -Errno.EACCES.number()) {
      return false;
    }
    if (result < 0) {
      throw new SystemCallException(SystemCall.FCNTL, path, (int) -result);
    }
    return true;
  }

  /**
   * Like {@link #tryLock}, for what is only open to read, such as a directory (flock(2)). The two
   * do not know of each other.
   */
  public boolean tryLockReadable() {
    long result = Kernel.attempt(SystemCall.FLOCK, descriptor, LOCK_EX | LOCK_NB);
    if (result < 0 && result != -Errno.EAGAIN.number()) {
      throw new SystemCallException(SystemCall.FLOCK, path, (int) -result);
    }
    return result == 0;
  }

  /**
   * Gives up what {@link #tryLock} took. Closing does so too, but not while a process that is just
   * being started still has a copy of the descriptor.
   */
  public void unlock() {
    long result = setLock(F_UNLCK);
    if (result < 0) {
      throw new SystemCallException(SystemCall.FCNTL, path, (int) -result);
    }
  }

  private long setLock(short type) {
    try (Memory flock = lockOfAll(type)) {
      return Kernel.attempt(SystemCall.FCNTL, descriptor, F_OFD_SETLK, Kernel.address(flock));
    }
  }

  /**
   * Whether somebody else has locked it by {@link #tryLock}, in this process or another. Takes no
   * lock, so nobody who wants it at this moment is turned away.
   */
  public boolean isLockedByAnother() {
    try (Memory flock = lockOfAll(F_WRLCK)) {
      Kernel.call(SystemCall.FCNTL, path, descriptor, F_OFD_GETLK, Kernel.address(flock));
      return flock.getShort(0) != F_UNLCK;
    }
  }

  private static Memory lockOfAll(short type) {
    Memory flock = new Memory(FLOCK_SIZE);
    flock.clear();
    flock.setShort(0, type);
    return flock;
  }

  /** Waits until the device has everything that was written to the file. */
  public void flush() {
    Kernel.call(SystemCall.FSYNC, path, descriptor);
  }

  /**
   * Writes what the kernel holds of a piece of the file to the medium and drops it from memory, so
   * that the next read comes from there. What else this machine has in memory stays.
   *
   * @param offset in bytes
   * @param length in bytes
   */
  public void flushAndForget(long offset, long length) {
    // Pages that were not written yet would stay.
    flush();
    Kernel.call(SystemCall.FADVISE64, path, descriptor, offset, length, POSIX_FADV_DONTNEED);
  }

  /** What the kernel knows of it. */
  public FileStatus status() {
    return Status.of(descriptor, new byte[0], AT_EMPTY_PATH, path)
        .orElseThrow(() -> new IllegalStateException(path + " is open but has no status"));
  }

  /** Whether this path leads to it now; a file that was renamed or deleted has left its path. */
  public boolean isAt(Path place) {
    byte[] name = place.toString().getBytes(StandardCharsets.UTF_8);
    FileStatus own = status();
    return Status.of(AT_FDCWD, name, 0, place.toString())
        .filter(there -> there.inode() == own.inode() && there.device() == own.device())
        .isPresent();
  }

  /**
   * Where it can be opened again by its path, by this user's other processes too, for as long as it
   * is open here, whether it has a name or not (proc_pid_fd(5)).
   */
  public Path reopenable() {
    return Path.of("/proc", Long.toString(ProcessHandle.current().pid()), "fd", "" + descriptor);
  }

  /**
   * Gives a file of {@link #unnamed} a name, in the same file system.
   *
   * @throws SystemCallException EEXIST when something is there
   */
  public void link(Path name) {
    try (Memory from = Kernel.string(reopenable().toString().getBytes(StandardCharsets.UTF_8));
        Memory to = Kernel.string(name.toString().getBytes(StandardCharsets.UTF_8))) {
      Kernel.call(
          SystemCall.LINKAT,
          name.toString(),
          AT_FDCWD,
          Kernel.address(from),
          AT_FDCWD,
          Kernel.address(to),
          AT_SYMLINK_FOLLOW);
    }
  }

  /**
   * Sets owner and group. This clears set-id bits and capabilities, so it comes before {@link
   * #chmod} and xattrs.
   */
  public void chown(long uid, long gid) {
    Kernel.call(SystemCall.FCHOWN, path, descriptor, uid, gid);
  }

  /** Sets the twelve permission bits. */
  public void chmod(int mode) {
    Kernel.call(SystemCall.FCHMOD, path, descriptor, mode);
  }

  /** Sets the modification time; the access time stays. */
  public void setModified(long seconds, int nanos) {
    try (Memory times = new Memory(32)) {
      times.setLong(0, 0);
      times.setLong(8, UTIME_OMIT);
      times.setLong(16, seconds);
      times.setLong(24, nanos);
      Kernel.call(SystemCall.UTIMENSAT, path, descriptor, 0, Kernel.address(times), 0);
    }
  }

  /** The names of its extended attributes; none where the file system has no such thing. */
  public List<byte[]> attributeNames() {
    return attributes.names();
  }

  /** The value of an extended attribute. */
  public byte[] attribute(byte[] name) {
    return attributes.get(name);
  }

  /** Sets an extended attribute. */
  public void setAttribute(byte[] name, byte[] value) {
    attributes.set(name, value);
  }

  /** Removes an extended attribute. */
  public void removeAttribute(byte[] name) {
    attributes.remove(name);
  }

  int descriptor() {
    return descriptor;
  }

  String path() {
    return path;
  }

  /** Once; by a second call the number could be another file's, of another thread. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      Kernel.close(descriptor);
    }
  }
}
