package dev.slipway.linux;

import java.util.Locale;

/**
 * The system calls in use, with their numbers on x86_64 ({@code
 * arch/x86/entry/syscalls/syscall_64.tbl}) and aarch64 ({@code include/uapi/asm-generic/unistd.h}).
 * Only calls that exist on both are used, so the {@code *at} forms.
 */
enum SystemCall {
  READ(0, 63),
  WRITE(1, 64),
  CLOSE(3, 57),
  LSEEK(8, 62),
  IOCTL(16, 29),
  PREAD64(17, 67),
  PWRITE64(18, 68),
  FCNTL(72, 25),
  FLOCK(73, 32),
  FSYNC(74, 82),
  FTRUNCATE(77, 46),
  FCHMOD(91, 52),
  FCHOWN(93, 55),
  SYNC(162, 81),
  MOUNT(165, 40),
  UMOUNT2(166, 39),
  REBOOT(169, 142),
  SETXATTR(188, 5),
  FSETXATTR(190, 7),
  GETXATTR(191, 8),
  FGETXATTR(193, 10),
  LISTXATTR(194, 11),
  FLISTXATTR(196, 13),
  REMOVEXATTR(197, 14),
  FREMOVEXATTR(199, 16),
  GETDENTS64(217, 61),
  FADVISE64(221, 223),
  OPENAT(257, 56),
  MKDIRAT(258, 34),
  MKNODAT(259, 33),
  FCHOWNAT(260, 54),
  UNLINKAT(263, 35),
  LINKAT(265, 37),
  SYMLINKAT(266, 36),
  READLINKAT(267, 78),
  FCHMODAT(268, 53),
  UTIMENSAT(280, 88),
  SYNCFS(306, 267),
  KEXEC_FILE_LOAD(320, 294),
  STATX(332, 291),
  OPENAT2(437, 437);

  private final int x86;
  private final int arm;

  SystemCall(int x86, int arm) {
    this.x86 = x86;
    this.arm = arm;
  }

  long number() {
    return Architecture.RUNNING == Architecture.X86_64 ? x86 : arm;
  }

  String callName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
