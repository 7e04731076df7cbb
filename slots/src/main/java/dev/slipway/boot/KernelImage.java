package dev.slipway.boot;

import java.nio.file.Path;

/**
 * An x86-64 kernel as a boot loader and kexec_file_load take it: a bzImage (Linux
 * Documentation/arch/x86/boot.rst).
 *
 * @param version what {@code uname -r} will say
 * @param protocol the boot protocol, such as 0x020f
 * @param initSize bytes of memory that it needs to start
 */
@SuppressWarnings("DoNotCallSuggester")
public record KernelImage(String version, int protocol, long initSize) {

  /**
   * Reads the header and checks it as the running kernel's kexec would (bzImage64_probe).
   *
   * @throws dev.slipway.linux.OperatorError when it is no such kernel, with what is wrong
   */
  public static KernelImage read(Path file) {
    throw new UnsupportedOperationException();
  }
}
