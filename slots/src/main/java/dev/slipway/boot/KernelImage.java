package dev.slipway.boot;

import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * An x86-64 kernel as a boot loader and kexec_file_load take it: a bzImage (Linux
 * Documentation/arch/x86/boot.rst, "The Real-Mode Kernel Header").
 *
 * @param version what {@code uname -r} will say
 * @param protocol the boot protocol, such as 0x020f
 * @param initSize bytes of memory that it needs to start
 */
public record KernelImage(String version, int protocol, long initSize) {

  private static final int BOOT_FLAG = 0x1fe;
  private static final int MAGIC = 0x202;
  private static final int PROTOCOL = 0x206;
  private static final int VERSION_POINTER = 0x20e;
  private static final int LOAD_FLAGS = 0x211;
  private static final int EXTENDED_LOAD_FLAGS = 0x236;
  private static final int INIT_SIZE = 0x260;

  private static final int HDRS = 0x53726448; // "HdrS"
  private static final int LOADED_HIGH = 1;
  private static final int KERNEL_64 = 1;
  private static final int ABOVE_4G = 2;
  private static final int LEAST_PROTOCOL = 0x020c;

  /** The setup code is at most 64 sectors and one boot sector long; the version is within it. */
  public static final int SETUP = 65 * 512;

  /**
   * Reads the header and checks it as the running kernel's kexec would (arch/x86/kernel
   * kexec-bzimage64.c, bzImage64_probe), but for its page tables, which all kernels since 4.17
   * know.
   *
   * @throws OperatorError when it is no such kernel, with what is wrong
   */
  public static KernelImage read(Path file) {
    return of(setup(file), file.toString());
  }

  /**
   * The same for a kernel that lies in no file of this machine.
   *
   * @param start its first {@link #SETUP} bytes, or all when it is shorter; more are not looked at
   * @param file its name, for messages
   */
  public static KernelImage of(byte[] start, String file) {
    int looked = Math.min(start.length, SETUP);
    return of(ByteBuffer.wrap(start, 0, looked).order(ByteOrder.LITTLE_ENDIAN), file);
  }

  private static KernelImage of(ByteBuffer setup, String file) {
    if (setup.limit() < 1024 || setup.getChar(BOOT_FLAG) != 0xaa55 || setup.getInt(MAGIC) != HDRS) {
      throw new OperatorError(file + " is not a Linux kernel for x86 (bzImage).");
    }
    int protocol = setup.getChar(PROTOCOL);
    if (protocol < LEAST_PROTOCOL) {
      throw new OperatorError(
          String.format(
              "The kernel %s has boot protocol %d.%d; kexec needs 2.12 (Linux 3.8) or newer.",
              file, protocol >> 8, protocol & 0xff));
    }
    if ((setup.get(LOAD_FLAGS) & LOADED_HIGH) == 0) {
      throw new OperatorError("The kernel " + file + " is a zImage; kexec needs a bzImage.");
    }
    int extended = setup.getChar(EXTENDED_LOAD_FLAGS);
    if ((extended & KERNEL_64) == 0 || (extended & ABOVE_4G) == 0) {
      throw new OperatorError(
          "The kernel " + file + " is not a 64-bit one that can be loaded anywhere in memory.");
    }
    return new KernelImage(
        version(setup, file), protocol, Integer.toUnsignedLong(setup.getInt(INIT_SIZE)));
  }

  private static String version(ByteBuffer setup, String file) {
    int at = setup.getChar(VERSION_POINTER) + 0x200;
    StringBuilder version = new StringBuilder();
    while (at < setup.limit() && setup.get(at) > ' ' && setup.get(at) < 0x7f) {
      version.append((char) setup.get(at));
      at++;
    }
    if (version.isEmpty()) {
      throw new OperatorError("The kernel " + file + " does not say its version.");
    }
    return version.toString();
  }

  private static ByteBuffer setup(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer setup = ByteBuffer.allocate(SETUP).order(ByteOrder.LITTLE_ENDIAN);
      while (setup.hasRemaining() && channel.read(setup) >= 0) {}
      return setup.flip();
    } catch (NoSuchFileException e) {
      throw new OperatorError("There is no kernel at " + file + ".", e);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the kernel " + file, e);
    }
  }
}
