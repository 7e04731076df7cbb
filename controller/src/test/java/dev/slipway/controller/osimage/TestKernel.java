package dev.slipway.controller.osimage;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * A kernel that is none: a header as Linux Documentation/arch/x86/boot.rst has it, and random bytes
 * for the code.
 */
public final class TestKernel {
  private static final int SIZE = 300_000;
  private static final int SETUP_SIZE = 4096;

  private TestKernel() {}

  /** One that says it is of this version. */
  public static byte[] of(String version, Random random) {
    byte[] image = new byte[SIZE];
    random.nextBytes(image);
    ByteBuffer setup = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
    setup.putShort(0x1fe, (short) 0xaa55);
    setup.putInt(0x202, 0x53726448);
    setup.putShort(0x206, (short) 0x020f);
    setup.putShort(0x20e, (short) (SETUP_SIZE - 0x200));
    setup.put(0x211, (byte) 1);
    setup.putShort(0x236, (short) 0x3);
    setup.put(SETUP_SIZE, (version + " (test)\0").getBytes(StandardCharsets.US_ASCII));
    return image;
  }
}
