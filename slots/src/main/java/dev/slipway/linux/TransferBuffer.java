package dev.slipway.linux;

import com.sun.jna.Memory;

/**
 * A piece of native memory that file contents go through, so that writing a large file does not
 * copy in libc.
 */
public final class TransferBuffer implements AutoCloseable {
  private final Memory memory;

  /** A buffer of this many bytes; 64 KiB to 128 KiB measured best. */
  public TransferBuffer(int size) {
    this.memory = new Memory(size);
  }

  /** In bytes. */
  public int size() {
    return (int) memory.size();
  }

  /** Copies {@code length} bytes of the array, from {@code offset} on, to the buffer's start. */
  public void put(byte[] bytes, int offset, int length) {
    memory.write(0, bytes, offset, length);
  }

  /** Copies {@code length} bytes of the buffer, from {@code start} on, into the array. */
  public void get(int start, byte[] bytes, int offset, int length) {
    memory.read(start, bytes, offset, length);
  }

  long address(int offset) {
    return Kernel.address(memory) + offset;
  }

  @Override
  public void close() {
    memory.close();
  }
}
