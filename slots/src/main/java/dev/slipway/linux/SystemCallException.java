package dev.slipway.linux;

import java.util.Optional;

/** A system call that the kernel turned down. It says which call, on what, and with which error. */
public final class SystemCallException extends OperatorError {
  private final transient Optional<Errno> errno;

  SystemCallException(SystemCall call, String path, int errno) {
    super(call.callName() + " of " + path + " failed: " + Errno.describe(errno) + ".");
    this.errno = Errno.of(errno);
  }

  /** Whether the kernel's error was this one. */
  public boolean is(Errno expected) {
    return errno.filter(expected::equals).isPresent();
  }
}
