package dev.slipway.controller.osimage;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The start of programs in ELF, as far as the kernel's way to an interpreter goes (elf(5)). */
final class ElfProgram {
  static final int X86_64 = 62;
  static final int AARCH64 = 183;

  /** For x86-64, linked to nothing. */
  static final byte[] STATIC = of(X86_64);

  private static final int MAGIC = 0x464c457f;
  private static final int HEADER = 64;
  private static final int ENTRY = 56;

  private ElfProgram() {}

  /** One linked to nothing. */
  static byte[] of(int machine) {
    byte[] program = new byte[HEADER];
    writer(program).putInt(0, MAGIC).putShort(18, (short) machine);
    return program;
  }

  /** One for x86-64 that asks for an interpreter. */
  static byte[] interpretedBy(String path) {
    byte[] name = (path + "\0").getBytes(StandardCharsets.ISO_8859_1);
    byte[] program = new byte[HEADER + 2 * ENTRY + name.length];
    ByteBuffer writer = writer(program);
    writer.putInt(0, MAGIC).putShort(18, (short) X86_64);
    writer.putLong(32, HEADER).putShort(54, (short) ENTRY).putShort(56, (short) 2);
    int second = HEADER + ENTRY;
    writer.putInt(HEADER, 6);
    writer.putInt(second, 3);
    writer.putLong(second + 8, HEADER + 2 * ENTRY).putLong(second + 32, name.length);
    writer.put(HEADER + 2 * ENTRY, name);
    return program;
  }

  private static ByteBuffer writer(byte[] program) {
    return ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN);
  }
}
