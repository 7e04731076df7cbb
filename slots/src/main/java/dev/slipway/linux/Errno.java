package dev.slipway.linux;

import java.util.Arrays;
import java.util.Optional;

/**
 * The error numbers that Slipway tells apart or explains. The numbers are those of the kernel's
 * {@code include/uapi/asm-generic/errno-base.h} and {@code errno.h}, the same on x86_64 and
 * aarch64.
 */
public enum Errno {
  EPERM(1, "not permitted"),
  ENOENT(2, "no such file or directory"),
  EINTR(4, "interrupted"),
  EIO(5, "input/output error of the device"),
  ENXIO(6, "no such device or address"),
  EBADF(9, "bad file descriptor"),
  EAGAIN(11, "try again"),
  ENOMEM(12, "out of memory"),
  EACCES(13, "permission denied"),
  EBUSY(16, "in use"),
  EEXIST(17, "exists already"),
  EXDEV(18, "would cross into another file system"),
  ENODEV(19, "no such device"),
  ENOTDIR(20, "not a directory"),
  EISDIR(21, "is a directory"),
  EINVAL(22, "invalid argument"),
  EMFILE(24, "too many open files"),
  ENOTTY(25, "not supported by this kind of file"),
  EFBIG(27, "file too large"),
  ENOSPC(28, "no space left on the file system"),
  EROFS(30, "read-only file system"),
  EMLINK(31, "too many hard links"),
  ERANGE(34, "buffer too small"),
  ENAMETOOLONG(36, "name too long"),
  ENOSYS(38, "not known to this kernel"),
  ENOTEMPTY(39, "directory not empty"),
  ELOOP(40, "too many symbolic links"),
  ENODATA(61, "no such attribute"),
  EOPNOTSUPP(95, "not supported by this file system"),
  EDQUOT(122, "quota exceeded"),
  ENOKEY(126, "required key not available"),
  EKEYREJECTED(129, "key rejected");

  private final int number;
  private final String meaning;

  Errno(int number, String meaning) {
    this.number = number;
    this.meaning = meaning;
  }

  static Optional<Errno> of(int number) {
    return Arrays.stream(values()).filter(errno -> errno.number == number).findFirst();
  }

  int number() {
    return number;
  }

  /** For example {@code ENOSPC (no space left on the file system)}. */
  static String describe(int number) {
    return of(number)
        .map(errno -> errno.name() + " (" + errno.meaning + ")")
        .orElse("error number " + number);
  }
}
