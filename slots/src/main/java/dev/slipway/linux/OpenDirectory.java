package dev.slipway.linux;

import com.sun.jna.Memory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A directory held open by its descriptor. Names below it are single names as bytes; only {@link
 * #below} takes a path, and resolves it with this directory as the root, so no link in it leads
 * outside (openat2(2), RESOLVE_IN_ROOT).
 */
public final class OpenDirectory implements AutoCloseable {
  private static final int AT_FDCWD = -100;
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int AT_REMOVEDIR = 0x200;
  private static final int O_WRONLY = 01;
  private static final int O_CREAT = 0100;
  private static final int O_EXCL = 0200;
  private static final int O_NONBLOCK = 04000;
  private static final int O_CLOEXEC = 02000000;
  private static final int O_PATH = 010000000;
  private static final int O_DIRECTORY = Architecture.RUNNING.openDirectory;
  private static final int O_NOFOLLOW = Architecture.RUNNING.openNoFollow;
  private static final int RESOLVE_NO_MAGICLINKS = 0x02;
  private static final int RESOLVE_NO_SYMLINKS = 0x04;
  private static final int RESOLVE_IN_ROOT = 0x10;
  private static final int OPEN_HOW_SIZE = 24;
  private static final int PATH_MAX = 4096;
  private static final int DIRENT_BUFFER = 64 * 1024;
  private static final long UTIME_OMIT = (1L << 30) - 2;

  private final OpenFile self;

  private OpenDirectory(int descriptor, String path) {
    this.self = new OpenFile(descriptor, path, false);
  }

  /** Opens a directory by its path on this host. */
  public static OpenDirectory open(Path directory) {
    byte[] bytes = directory.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8);
    try (Memory name = Kernel.string(bytes)) {
      long descriptor =
          Kernel.call(
              SystemCall.OPENAT,
              directory.toString(),
              AT_FDCWD,
              Kernel.address(name),
              O_DIRECTORY | O_CLOEXEC);
      return new OpenDirectory((int) descriptor, directory.toString());
    }
  }

  /**
   * Opens a directory below this one. Links on the way are followed, but as if this directory were
   * the root: neither {@code ..} nor an absolute link leaves it.
   *
   * @return empty when there is nothing of that name
   * @throws SystemCallException ENOTDIR when something on the way is no directory, ELOOP for a
   *     circle of links
   */
  public Optional<OpenDirectory> below(byte[] path) {
    return below(path, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
  }

  /**
   * Like {@link #below}, but no part of the path may be a link.
   *
   * @throws SystemCallException ELOOP when a part is a link
   */
  public Optional<OpenDirectory> belowWithoutLinks(byte[] path) {
    return below(path, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS);
  }

  private Optional<OpenDirectory> below(byte[] path, int resolve) {
    byte[] relative = path.length == 0 ? new byte[] {'.'} : path;
    try (Memory name = Kernel.string(relative);
        Memory how = new Memory(OPEN_HOW_SIZE)) {
      how.setLong(0, O_DIRECTORY | O_CLOEXEC);
      how.setLong(8, 0);
      how.setLong(16, resolve);
      long result =
          Kernel.attempt(
              SystemCall.OPENAT2,
              self.descriptor(),
              Kernel.address(name),
              Kernel.address(how),
              OPEN_HOW_SIZE);
      if (result == -Errno.ENOENT.number()) {
        return Optional.empty();
      }
      if (result < 0) {
        throw new SystemCallException(SystemCall.OPENAT2, describe(relative), (int) -result);
      }
      return Optional.of(new OpenDirectory((int) result, describe(relative)));
    }
  }

  /**
   * Makes a new file and opens it for writing. It fails with EEXIST when there is anything of that
   * name, even a link.
   */
  public OpenFile createFile(byte[] name) {
    return new OpenFile(
        openName(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600), describe(name), false);
  }

  /** Opens a file for reading; a link of that name is not followed. */
  public OpenFile openFile(byte[] name) {
    // Non-blocking, so that a fifo that took the file's place cannot stop us.
    return new OpenFile(openName(name, O_NOFOLLOW | O_NONBLOCK, 0), describe(name), false);
  }

  /**
   * Opens whatever has that name, even a link, for its metadata only: nothing happens to a device
   * or fifo.
   */
  public OpenFile openAny(byte[] name) {
    return new OpenFile(openName(name, O_PATH | O_NOFOLLOW, 0), describe(name), true);
  }

  /** Opens a directory directly below this one; a link is not followed. */
  public OpenDirectory openDirectory(byte[] name) {
    return new OpenDirectory(openName(name, O_DIRECTORY | O_NOFOLLOW, 0), describe(name));
  }

  private int openName(byte[] name, int flags, int mode) {
    try (Memory cName = Kernel.string(name)) {
      return (int)
          Kernel.call(
              SystemCall.OPENAT,
              describe(name),
              self.descriptor(),
              Kernel.address(cName),
              flags | O_CLOEXEC,
              mode);
    }
  }

  /**
   * This directory itself, for its status, owner, mode, times and attributes. Closed with the
   * directory.
   */
  public OpenFile self() {
    return self;
  }

  /** The status of what has that name, links not followed; empty when there is nothing. */
  public Optional<FileStatus> status(byte[] name) {
    return Status.of(self.descriptor(), name, AT_SYMLINK_NOFOLLOW, describe(name));
  }

  /** The names in it, without {@code .} and {@code ..}, in no order. */
  public List<byte[]> names() {
    List<byte[]> names = new ArrayList<>();
    self.seek(0);
    try (Memory buffer = new Memory(DIRENT_BUFFER)) {
      while (true) {
        long size =
            Kernel.call(
                SystemCall.GETDENTS64,
                self.path(),
                self.descriptor(),
                Kernel.address(buffer),
                DIRENT_BUFFER);
        if (size == 0) {
          return names;
        }
        // struct linux_dirent64: u64 inode, s64 offset, u16 record length, u8 type, name with a
        // final 0.
        for (long at = 0; at < size; at += buffer.getShort(at + 16) & 0xffff) {
          byte[] name = name(buffer, at + 19);
          if (!isDots(name)) {
            names.add(name);
          }
        }
      }
    }
  }

  private static byte[] name(Memory buffer, long start) {
    int length = (int) buffer.indexOf(start, (byte) 0);
    return buffer.getByteArray(start, length);
  }

  private static boolean isDots(byte[] name) {
    return name[0] == '.' && (name.length == 1 || (name.length == 2 && name[1] == '.'));
  }

  /** Where the link of that name points, as bytes. */
  public byte[] linkTarget(byte[] name) {
    try (Memory cName = Kernel.string(name);
        Memory target = new Memory(PATH_MAX)) {
      long length =
          Kernel.call(
              SystemCall.READLINKAT,
              describe(name),
              self.descriptor(),
              Kernel.address(cName),
              Kernel.address(target),
              PATH_MAX);
      return target.getByteArray(0, (int) length);
    }
  }

  /** The path by which the kernel knows this directory now, as bytes; needs /proc. */
  public byte[] currentPath() {
    byte[] proc = ("/proc/self/fd/" + self.descriptor()).getBytes(StandardCharsets.US_ASCII);
    try (Memory cName = Kernel.string(proc);
        Memory target = new Memory(PATH_MAX)) {
      long length =
          Kernel.call(
              SystemCall.READLINKAT,
              self.path(),
              AT_FDCWD,
              Kernel.address(cName),
              Kernel.address(target),
              PATH_MAX);
      return target.getByteArray(0, (int) length);
    }
  }

  /** Makes a directory, mode 0700. */
  public void makeDirectory(byte[] name) {
    callOnName(SystemCall.MKDIRAT, name, 0700, 0);
  }

  /** Makes a symbolic link called {@code name} that points to {@code target}. */
  public void makeSymlink(byte[] name, byte[] target) {
    try (Memory cTarget = Kernel.string(target);
        Memory cName = Kernel.string(name)) {
      Kernel.call(
          SystemCall.SYMLINKAT,
          describe(name),
          Kernel.address(cTarget),
          self.descriptor(),
          Kernel.address(cName));
    }
  }

  /** Makes a device or fifo, mode 0600; major and minor are 0 for a fifo. */
  public void makeNode(byte[] name, FileType type, int major, int minor) {
    callOnName(SystemCall.MKNODAT, name, type.bits() | 0600, deviceNumber(major, minor));
  }

  /** The kernel's new_encode_dev (include/linux/kdev_t.h): 12 bits of major, 20 of minor. */
  private static long deviceNumber(int major, int minor) {
    return (minor & 0xff) | ((major & 0xfffL) << 8) | ((minor & ~0xffL) << 12);
  }

  /**
   * Gives the file {@code targetName} of {@code targetDirectory} another name here. Links are
   * linked, not followed.
   */
  public void makeHardLink(byte[] name, OpenDirectory targetDirectory, byte[] targetName) {
    try (Memory cTarget = Kernel.string(targetName);
        Memory cName = Kernel.string(name)) {
      Kernel.call(
          SystemCall.LINKAT,
          describe(name),
          targetDirectory.self.descriptor(),
          Kernel.address(cTarget),
          self.descriptor(),
          Kernel.address(cName),
          0);
    }
  }

  /** Removes a name that is no directory. */
  public void unlink(byte[] name) {
    callOnName(SystemCall.UNLINKAT, name, 0, 0);
  }

  /** Removes an empty directory. */
  public void removeDirectory(byte[] name) {
    callOnName(SystemCall.UNLINKAT, name, AT_REMOVEDIR, 0);
  }

  /** Sets owner and group of a name; a link's own, not its target's. */
  public void chown(byte[] name, long uid, long gid) {
    try (Memory cName = Kernel.string(name)) {
      Kernel.call(
          SystemCall.FCHOWNAT,
          describe(name),
          self.descriptor(),
          Kernel.address(cName),
          uid,
          gid,
          AT_SYMLINK_NOFOLLOW);
    }
  }

  /** Sets the permission bits of a name that is no link. */
  public void chmod(byte[] name, int mode) {
    callOnName(SystemCall.FCHMODAT, name, mode, 0);
  }

  /**
   * Sets the modification time of a name; a link's own, not its target's. The access time stays.
   */
  public void setModified(byte[] name, long seconds, int nanos) {
    try (Memory cName = Kernel.string(name);
        Memory times = new Memory(32)) {
      times.setLong(0, 0);
      times.setLong(8, UTIME_OMIT);
      times.setLong(16, seconds);
      times.setLong(24, nanos);
      Kernel.call(
          SystemCall.UTIMENSAT,
          describe(name),
          self.descriptor(),
          Kernel.address(cName),
          Kernel.address(times),
          AT_SYMLINK_NOFOLLOW);
    }
  }

  /** Writes everything of the file system that this directory is on to its device. */
  public void syncFileSystem() {
    Kernel.call(SystemCall.SYNCFS, self.path(), self.descriptor());
  }

  private void callOnName(SystemCall call, byte[] name, long first, long second) {
    try (Memory cName = Kernel.string(name)) {
      Kernel.call(call, describe(name), self.descriptor(), Kernel.address(cName), first, second);
    }
  }

  private String describe(byte[] name) {
    return self.path() + "/" + new String(name, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    self.close();
  }
}
