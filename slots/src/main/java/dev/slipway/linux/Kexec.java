package dev.slipway.linux;

import com.sun.jna.Memory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The next kernel, loaded by kexec_file_load(2) (flags: include/uapi/linux/kexec.h). With one
 * loaded, systemd turns any reboot into a jump: load as late as can be, unload on every way out.
 */
public final class Kexec {
  private static final int KEXEC_FILE_UNLOAD = 1;
  private static final Path LOADED = Path.of("/sys/kernel/kexec_loaded");

  /** Loads a kernel and its initrd for the next {@link Reboot#kexec}. */
  public void load(Path kernel, Path initrd, String commandLine) {
    byte[] line = commandLine.getBytes(StandardCharsets.UTF_8);
    try (OpenFile kernelFile = OpenFile.open(kernel, OpenFile.O_RDONLY);
        OpenFile initrdFile = OpenFile.open(initrd, OpenFile.O_RDONLY);
        Memory cLine = Kernel.string(line)) {
      // The length counts the final 0.
      long result =
          Kernel.attempt(
              SystemCall.KEXEC_FILE_LOAD,
              kernelFile.descriptor(),
              initrdFile.descriptor(),
              line.length + 1L,
              Kernel.address(cLine),
              0);
      if (result < 0) {
        throw refusal(kernel, (int) -result);
      }
    }
  }

  private static OperatorError refusal(Path kernel, int errno) {
    SystemCallException cause =
        new SystemCallException(SystemCall.KEXEC_FILE_LOAD, kernel.toString(), errno);
    String why = Errno.describe(errno);
    String wayOut = " A cold switch (--cold) goes through the firmware and needs no kexec.";
    if (cause.is(Errno.ENOSYS)) {
      return new OperatorError(
          "The running kernel has no kexec_file_load (CONFIG_KEXEC_FILE)." + wayOut, cause);
    }
    if (cause.is(Errno.EPERM)) {
      return new OperatorError(
          "The running kernel does not permit kexec: it is locked down, kernel.kexec_load_disabled is 1, or this is"
              + " not root."
              + wayOut,
          cause);
    }
    if (cause.is(Errno.EKEYREJECTED) || cause.is(Errno.ENOKEY)) {
      return new OperatorError(
          "The running kernel does not trust the signature of " + kernel + "." + wayOut, cause);
    }
    return new OperatorError(
        "The running kernel would not load " + kernel + ": " + why + "." + wayOut, cause);
  }

  /** Unloads what was loaded; does nothing when nothing was. */
  public void unload() {
    if (isLoaded()) {
      Kernel.call(SystemCall.KEXEC_FILE_LOAD, "the loaded kernel", -1, -1, 0, 0, KEXEC_FILE_UNLOAD);
    }
  }

  /** Whether a kernel is loaded, by anyone; false on a kernel without kexec. */
  public boolean isLoaded() {
    try {
      return Files.exists(LOADED) && Files.readString(LOADED).strip().equals("1");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
